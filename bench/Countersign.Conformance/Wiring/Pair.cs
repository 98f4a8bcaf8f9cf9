namespace Countersign.Conformance.Wiring;

/// <summary>What a login and a refresh give. <see cref="ToString"/> gives no token away.</summary>
internal sealed class Pair(string access, string refresh, TimeSpan accessLifetime)
{
    public string Access => access;

    public string Refresh => refresh;

    /// <summary>How long the access token lives, as the server says.</summary>
    public TimeSpan AccessLifetime => accessLifetime;

    public override string ToString() => $"a pair for {accessLifetime}";
}
