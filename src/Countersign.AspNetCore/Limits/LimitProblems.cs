using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Limits;

/// <summary>What a request beyond a limit is answered.</summary>
internal static class LimitProblems
{
    /// <summary>
    /// More of one kind of work than a network may ask for. Nothing was looked at, so that a client keeps its token and sends the same again.
    /// </summary>
    /// <param name="retryAfter">When another try is worthwhile.</param>
    public static Problem TooManyRequests(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ReasonCodes.TooManyRequests, "Too many requests from this network, try again later")
        {
            OAuthError = "temporarily_unavailable",
            RetryAfter = retryAfter,
        };

    /// <summary>More requests of one session than it may make. Nothing was looked at.</summary>
    /// <param name="retryAfter">When another try is worthwhile.</param>
    public static Problem TooManyOfSession(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ReasonCodes.TooManyRequests, "Too many requests of this session, try again later") { RetryAfter = retryAfter };

    /// <summary>Too many passwords were tried, from one network or at one name, or too many wrong secrets of clients came from one network.</summary>
    /// <param name="retryAfter">When the next may be.</param>
    public static Problem TooManyAttempts(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ReasonCodes.TooManyAttempts, "Too many attempts, try again later")
        {
            OAuthError = "temporarily_unavailable",
            RetryAfter = retryAfter,
        };
}
