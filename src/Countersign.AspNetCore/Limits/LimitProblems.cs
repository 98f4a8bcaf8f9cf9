using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Limits;

/// <summary>The problems of requests above a limit.</summary>
internal static class LimitProblems
{
    /// <summary>
    /// The network has asked for too much work of one kind. Nothing in the request was checked, so the client keeps its token and may send it again.
    /// </summary>
    /// <param name="retryAfter">How long to wait.</param>
    public static Problem TooManyRequests(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ReasonCodes.TooManyRequests, "Too many requests from this network, try again later")
        {
            OAuthError = "temporarily_unavailable",
            RetryAfter = retryAfter,
        };

    /// <summary>The session has sent too many requests. Nothing in the request was checked.</summary>
    /// <param name="retryAfter">How long to wait.</param>
    public static Problem TooManyOfSession(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ReasonCodes.TooManyRequests, "Too many requests of this session, try again later")
        {
            RetryAfter = retryAfter,
        };

    /// <summary>One network or one name had too many password attempts, or one network sent too many wrong secrets of clients.</summary>
    /// <param name="retryAfter">How long to wait.</param>
    public static Problem TooManyAttempts(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ReasonCodes.TooManyAttempts, "Too many attempts, try again later")
        {
            OAuthError = "temporarily_unavailable",
            RetryAfter = retryAfter,
        };
}
