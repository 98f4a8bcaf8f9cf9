namespace Countersign.Tokens.Settings;

/// <summary>One fault of a setting, and how to mend it. It never contains the value of a secret.</summary>
/// <param name="Key">The full key, such as <c>Auth:Sessions:IdleLifetime</c>.</param>
/// <param name="Problem">A phrase that follows the key, such as "is not a whole number".</param>
/// <param name="Remedy">What to do, as a whole sentence.</param>
internal sealed record SettingFault(string Key, string Problem, string Remedy)
{
    /// <summary>The other setting, if the fault is that two settings do not fit. Null: this setting is wrong by itself.</summary>
    public string? Other { get; init; }

    /// <summary>The range, if a duration is outside of it. The server uses it to explain durations that were written as a number of minutes or days.</summary>
    public (TimeSpan Least, TimeSpan Most)? Range { get; init; }

    /// <summary>Returns the line that a person reads.</summary>
    public override string ToString() => $"{Key} {Problem}. {Remedy}";
}
