using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer.Problems;

/// <summary>
/// All refusals of a bearer token (400, 401, 403, 503), each with status, code, text and challenge. <see cref="ProblemResult"/> writes the body.
/// </summary>
internal static class BearerProblems
{
    /// <summary>The text that clients of the original specification read in <c>detail</c>.</summary>
    private const string NotValidated = "Could not validate credentials";

    /// <summary>No credential of this scheme was sent.</summary>
    public static readonly Problem NoCredential =
        new(StatusCodes.Status401Unauthorized, ReasonCodes.CredentialMissing, NotValidated) { Challenge = BearerChallenge.Plain };

    /// <summary>More than one <c>Authorization</c> header (RFC 9110 §11.6.2 allows one).</summary>
    public static readonly Problem AuthorizationRepeated =
        new(StatusCodes.Status400BadRequest, ReasonCodes.AuthorizationRepeated, "Send one Authorization header")
        {
            Challenge = BearerChallenge.InvalidRequest("Send one Authorization header"),
        };

    /// <summary>A token in the query, which logs and histories store (RFC 6750 §2.3, RFC 9700 §4.3.2).</summary>
    public static readonly Problem TokenInQuery =
        new(StatusCodes.Status400BadRequest, ReasonCodes.TokenInQuery, "Send the token in the Authorization header, not in the query")
        {
            Challenge = BearerChallenge.InvalidRequest("Send the token in the Authorization header"),
        };

    /// <summary>
    /// The token is genuine, but its account is inactive. This is a 400 and not a 401, because clients of the original specification expect that, and a client
    /// must not refresh.
    /// </summary>
    public static readonly Problem AccountInactive =
        new(StatusCodes.Status400BadRequest, TokenError.AccountInactive.ToCode(), "Inactive user")
        {
            Challenge = BearerChallenge.InvalidToken("Inactive user"),
        };

    /// <summary>The token is genuine, but its account does not exist any more.</summary>
    public static readonly Problem AccountUnknown = InvalidToken(ReasonCodes.AccountUnknown);

    /// <summary>The token is genuine and names no session, and the service has sessions.</summary>
    public static readonly Problem SessionMissing = InvalidToken(ReasonCodes.TokenWithoutSession);

    /// <summary>The token is valid, but its holder may not do this.</summary>
    public static readonly Problem Forbidden =
        new(StatusCodes.Status403Forbidden, ReasonCodes.Forbidden, "Not permitted")
        {
            Challenge = BearerChallenge.InsufficientScope("Not permitted"),
        };

    /// <summary>The service can't decide now, because it can't reach something that it needs.</summary>
    public static Problem Unavailable(TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ReasonCodes.TemporarilyUnavailable, "The service is not available now, try again later")
        {
            RetryAfter = retryAfter,
        };

    /// <summary>The refusal of a token that did not validate.</summary>
    public static Problem Of(TokenError error) => error switch
    {
        TokenError.AccountInactive => AccountInactive,
        // The fault is in this service. If a client were told that its token is invalid, it would discard a valid token.
        TokenError.NoKeys or TokenError.VerificationFault => Unavailable(TimeSpan.FromSeconds(1)),
        _ => InvalidToken(error.ToCode()),
    };

    /// <summary>All refusals, because of the token, that a route with a required login can answer.</summary>
    public static IReadOnlyList<Problem> OfTokens { get; } =
    [
        NoCredential,
        AuthorizationRepeated,
        TokenInQuery,
        .. Enum.GetValues<TokenError>().Select(Of),
        SessionMissing,
    ];

    private static Problem InvalidToken(string code) =>
        new(StatusCodes.Status401Unauthorized, code, NotValidated) { Challenge = BearerChallenge.InvalidToken(Problem.InWords(code)) };
}
