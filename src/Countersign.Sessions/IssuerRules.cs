using System.Net;

namespace Countersign.Sessions;

/// <summary>What an issuer's address says of where the service is.</summary>
internal static class IssuerRules
{
    /// <summary>Whether an issuer is this machine: its host is <c>localhost</c> or a loopback address.</summary>
    public static bool IsLoopback(string? issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
        && (string.Equals(uri.DnsSafeHost, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(uri.DnsSafeHost, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>Whether passwords and tokens would pass a network in plain text: an http issuer beyond this machine (RFC 8414 §2 asks for https), outside of Development.</summary>
    public static bool IsPlaintext(string issuer, bool isDevelopment) =>
        !isDevelopment && Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(issuer);
}
