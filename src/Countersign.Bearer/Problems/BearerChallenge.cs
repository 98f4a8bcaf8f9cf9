namespace Countersign.Bearer.Problems;

/// <summary>The values of <c>WWW-Authenticate</c> (RFC 6750 §3).</summary>
internal static class BearerChallenge
{
    /// <summary>Where no credential was sent: no error code (§3.1, last paragraph).</summary>
    public const string Plain = "Bearer";

    /// <summary>Where a token was sent and can't be used.</summary>
    /// <param name="description">Why, in printable ASCII without quotation marks and backslashes (§3).</param>
    public static string InvalidToken(string description) => With("invalid_token", description);

    /// <summary>Where the request is malformed: a credential sent twice, or where none belongs.</summary>
    /// <param name="description">As above.</param>
    public static string InvalidRequest(string description) => With("invalid_request", description);

    /// <summary>Where the token is good and its rights do not reach.</summary>
    /// <param name="description">As above.</param>
    public static string InsufficientScope(string description) => With("insufficient_scope", description);

    private static string With(string error, string description) => $"Bearer error=\"{error}\", error_description=\"{description}\"";
}
