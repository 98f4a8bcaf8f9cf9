namespace Countersign.Tokens.Jose;

/// <summary>Instants as seconds since 1970 (RFC 7519 §2).</summary>
internal static class NumericDate
{
    /// <summary>The last second of the year 9999. The base library has no later instants.</summary>
    public const long Max = 253_402_300_799;

    public static DateTimeOffset ToInstant(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
