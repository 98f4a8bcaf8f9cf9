using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.Matrix;

/// <summary>How a refusal must look.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The reason code.</param>
/// <param name="Challenge">
/// Null where no <c>WWW-Authenticate</c> is due, <c>Bearer</c> where it stands alone, else the error code in it (RFC 6750 §3.1).
/// </param>
internal sealed partial record Expected(int Status, string Code, string? Challenge = null)
{
    private const string Alone = "Bearer";
    private const string Basic = "Basic realm=\"clients\", charset=\"UTF-8\"";

    private static readonly string[] OAuthEndpoints = ["/auth/token", "/auth/introspect", "/auth/revoke"];

    /// <summary>No credential: a challenge and nothing in it.</summary>
    public static Expected NoCredential { get; } = new(401, "credential_missing", Alone);

    /// <summary>No client, or one that is not known (RFC 6749 §5.2).</summary>
    public static Expected InvalidClient { get; } = new(401, "invalid_client", Basic);

    /// <summary>A method that the address does not take.</summary>
    public static Expected MethodNotAllowed { get; } = new(405, "method_not_allowed");

    /// <summary>A token that can't be used.</summary>
    public static Expected InvalidToken(string code) => new(401, code, "invalid_token");

    /// <summary>A grant that is refused (RFC 6749 §5.2).</summary>
    public static Expected Grant(string code) => new(400, code);

    /// <summary>What is wrong with an answer; null if it is as it should be.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="method">The method that was asked with: HEAD has no body to look into.</param>
    /// <param name="target">The address that was asked.</param>
    public string? FindFault(RawAnswer answer, string method, string target)
    {
        var challenge = answer.Header("WWW-Authenticate");
        return answer.Status != Status ? $"status {answer.Status}, not {Status}"
            : answer.Header("Set-Cookie") is not null ? "a cookie was set"
            : method != "HEAD" && answer.Code != Code ? $"code {answer.Code}, not {Code}"
            : answer.Header("Content-Type") != MediaType(answer, target) ? $"content type {answer.Header("Content-Type")}"
            : answer.Header("Cache-Control") != "no-store" ? $"Cache-Control {answer.Header("Cache-Control")}"
            : !IsChallenge(challenge) ? $"WWW-Authenticate: {challenge}, not {Challenge}"
            : null;
    }

    /// <summary>Errors of the endpoints that OAuth defines are plain JSON (RFC 6749 §5.2).</summary>
    private static string MediaType(RawAnswer answer, string target) =>
        Array.Exists(OAuthEndpoints, end => target.Split('?')[0].EndsWith(end, StringComparison.Ordinal)) && answer.Json?.TryGetProperty("error", out _) is true
            ? "application/json"
            : "application/problem+json";

    private bool IsChallenge(string? challenge) => Challenge switch
    {
        null => challenge is null,
        Alone => challenge == Alone,
        Basic => challenge == Basic,
        _ => challenge is not null && WithError().Match(challenge) is { Success: true } match && match.Groups["error"].Value == Challenge,
    };

    // RFC 6750 section 3: the description is printable ASCII without quotation marks and backslashes.
    [GeneratedRegex("""^Bearer error="(?<error>[a-z_]+)", error_description="[ !#-\[\]-~]+"$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithError();
}
