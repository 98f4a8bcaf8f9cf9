using System.Net;
using Countersign.Tokens;

namespace Countersign.Sessions.Issuing;

/// <summary>What an issuer's address says of where the service is.</summary>
internal static class IssuerRules
{
    /// <summary>
    /// Whether a text can be an issuer (RFC 8414 §2). Clients compare it byte by byte, so nothing is corrected here. A slash at the end would be legal, and
    /// is the most common reason why two services do not agree on an issuer.
    /// </summary>
    public static bool IsIssuer(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0
        && !issuer.EndsWith('/')
        && !issuer.Any(static character => character is '?' or '#' || char.IsWhiteSpace(character));

    /// <summary>Whether an issuer is this machine: its host is <c>localhost</c> or a loopback address.</summary>
    public static bool IsLoopback(string? issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && IsLoopbackHost(uri.DnsSafeHost);

    /// <summary>Whether a host is this machine: <c>localhost</c> or a loopback address, of IPv6 with or without brackets.</summary>
    public static bool IsLoopbackHost(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// Whether passwords and tokens would pass a network in plain text: an http issuer beyond this machine (RFC 8414 §2 asks for https), outside of
    /// Development.
    /// </summary>
    public static bool IsPlaintext(string issuer, bool isDevelopment) =>
        !isDevelopment && Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(issuer);
}

/// <summary>Where a shared secret that somebody could guess stops the start, and where it leads to a warning.</summary>
internal static class SharedSecretCheck
{
    /// <summary>
    /// Whether a weak secret passes, with a warning at each start: outside of Production, where the issuer is this machine, and where the operator
    /// has said so.
    /// </summary>
    /// <param name="isProduction">Whether the environment is Production, which it is where nothing is said.</param>
    /// <param name="issuer">The issuer that is configured. Where none is, the bound address says nothing: a proxy may stand before it.</param>
    /// <param name="unsafeSecretKey">See <see cref="CountersignTokenOptions.UnsafeWeakSecretKey"/>.</param>
    public static bool TakesWeak(bool isProduction, string? issuer, bool unsafeSecretKey) => unsafeSecretKey || !isProduction || IssuerRules.IsLoopback(issuer);

    /// <summary>Says why a secret can't be used; null if it can.</summary>
    public static string? FindFault(string secret, bool takesWeak) => SharedSecretRules.FindFault(secret) ?? (takesWeak ? null : SharedSecretRules.FindWeakness(secret));
}
