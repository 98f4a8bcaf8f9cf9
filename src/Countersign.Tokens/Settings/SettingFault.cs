namespace Countersign.Tokens.Settings;

/// <summary>One thing that is wrong with a setting, and how to mend it. It never holds a secret's value.</summary>
/// <param name="Key">The full key, such as <c>Auth:Sessions:IdleLifetime</c>.</param>
/// <param name="Problem">A phrase that follows the key, such as "is not a whole number".</param>
/// <param name="Remedy">What to do: a whole sentence.</param>
internal sealed record SettingFault(string Key, string Problem, string Remedy)
{
    /// <summary>The setting that this one does not fit. Null: this one is wrong by itself.</summary>
    public string? Other { get; init; }

    /// <summary>The range of a duration that lies outside of it, for a reader who wrote the duration as a number of minutes or days.</summary>
    public (TimeSpan Least, TimeSpan Most)? Range { get; init; }

    /// <summary>The line that a person reads.</summary>
    public override string ToString() => $"{Key} {Problem}. {Remedy}";
}
