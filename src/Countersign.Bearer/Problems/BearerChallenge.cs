namespace Countersign.Bearer.Problems;

/// <summary>The values of <c>WWW-Authenticate</c> (RFC 6750 §3).</summary>
internal static class BearerChallenge
{
    /// <summary>No credential was sent: no error code (§3.1, last paragraph).</summary>
    public const string Plain = "Bearer";

    /// <summary>A token was sent, but it can't be used.</summary>
    /// <param name="description">The reason, in printable ASCII without quotation marks and backslashes (§3).</param>
    public static string InvalidToken(string description) => With("invalid_token", description);

    /// <summary>The request is malformed: a credential was sent twice, or in a wrong place.</summary>
    /// <param name="description">As above.</param>
    public static string InvalidRequest(string description) => With("invalid_request", description);

    /// <summary>The token is valid, but its rights are not sufficient.</summary>
    /// <param name="description">As above.</param>
    public static string InsufficientScope(string description) => With("insufficient_scope", description);

    private static string With(string error, string description) => $"Bearer error=\"{error}\", error_description=\"{description}\"";
}
