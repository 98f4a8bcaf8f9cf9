using System.Net;
using Countersign.Tokens;

namespace Countersign.Sessions.Issuing;

/// <summary>Rules about an issuer's address.</summary>
internal static class IssuerRules
{
    /// <summary>
    /// Whether a text can be an issuer (RFC 8414 §2). Clients compare it byte by byte, so it is not corrected here. A slash at the end would be legal, but it
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

    /// <summary>Whether a host is this machine: <c>localhost</c> or a loopback address. An IPv6 address may have brackets.</summary>
    public static bool IsLoopbackHost(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// Whether passwords and tokens would cross a network in plain text: the issuer is http, is not this machine, and the environment is not Development. RFC
    /// 8414 §2 requires https.
    /// </summary>
    public static bool IsPlaintext(string issuer, bool isDevelopment) =>
        !isDevelopment && Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(issuer);
}

/// <summary>Decides whether a shared secret that can be guessed stops the start or only leads to a warning.</summary>
internal static class SharedSecretCheck
{
    /// <summary>
    /// Whether a weak secret is accepted, with a warning at each start: outside of Production, if the issuer is this machine, or if the operator has allowed
    /// it.
    /// </summary>
    /// <param name="isProduction">Whether the environment is Production. It is Production if none is configured.</param>
    /// <param name="issuer">The configured issuer. If there is none, the bound address does not count, because a proxy may be in front of it.</param>
    /// <param name="unsafeSecretKey">See <see cref="CountersignTokenOptions.UnsafeWeakSecretKey"/>.</param>
    public static bool TakesWeak(bool isProduction, string? issuer, bool unsafeSecretKey) => unsafeSecretKey || !isProduction || IssuerRules.IsLoopback(issuer);

    /// <summary>Returns why a secret can't be used; null if it can.</summary>
    public static string? FindFault(string secret, bool takesWeak) =>
        SharedSecretRules.FindFault(secret) ?? (takesWeak ? null : SharedSecretRules.FindWeakness(secret));
}
