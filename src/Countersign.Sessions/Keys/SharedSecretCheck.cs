using Countersign.Tokens;

namespace Countersign.Sessions.Keys;

/// <summary>Where a shared secret that somebody could guess stops the start, and where it leads to a warning.</summary>
internal static class SharedSecretCheck
{
    /// <summary>Whether a weak secret passes, with a warning at each start: outside of Production, where the issuer is this machine, and where the operator has said so.</summary>
    /// <param name="isProduction">Whether the environment is Production, which it is where nothing is said.</param>
    /// <param name="issuer">The issuer that is configured. Where none is, the bound address says nothing: a proxy may stand before it.</param>
    /// <param name="unsafeSecretKey">See <see cref="CountersignTokenOptions.UnsafeSecretKey"/>.</param>
    public static bool TakesWeak(bool isProduction, string? issuer, bool unsafeSecretKey) => unsafeSecretKey || !isProduction || IssuerRules.IsLoopback(issuer);

    /// <summary>Says why a secret can't be used; null if it can.</summary>
    public static string? FindFault(string secret, bool takesWeak) => SharedSecretRules.FindFault(secret) ?? (takesWeak ? null : SharedSecretRules.FindWeakness(secret));

    /// <summary>Says why somebody could guess a secret that is used; null if no rule says so.</summary>
    public static string? FindWeakness(string secret) => SharedSecretRules.FindWeakness(secret);
}
