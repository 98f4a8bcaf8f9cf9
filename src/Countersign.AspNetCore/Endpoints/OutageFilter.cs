using Countersign.Bearer.Problems;
using Countersign.Passwords;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Answers 503 with <c>Retry-After</c> where a route can't reach what it needs, and 500 where the database refuses for good what the route stores.
/// </summary>
/// <remarks>
/// That is no word about what was asked for: a commit that failed may have reached the database, and a session may have moved on during one that was slow.
/// The client comes again, and a refresh with the token that its store holds then. A client that meets a 500 has no reason to come again.
/// </remarks>
internal sealed class OutageFilter(ILogger<OutageFilter> logger) : IEndpointFilter
{
    /// <summary>The refusal, as it is where nothing better is known of when to try again.</summary>
    public static Problem Problem { get; } = Outage.Problem with { OAuthError = "temporarily_unavailable" };

    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (PasswordEngineBusyException busy)
        {
            // A flood of logins must not become one of log lines; the engine's meter counts them.
            EndpointLog.Busy(logger, context.HttpContext.Request.Path.Value);
            return new ProblemResult(Problem with { RetryAfter = busy.RetryAfter });
        }
        catch (Exception exception) when (Outage.Is(exception, out var retryAfter))
        {
            EndpointLog.Unavailable(logger, context.HttpContext.Request.Path, exception);
            return new ProblemResult(Problem with { RetryAfter = retryAfter });
        }
        catch (Exception exception) when (DatabaseFault.Find(exception) is { } fault)
        {
            EndpointLog.Refused(logger, context.HttpContext.Request.Path, fault.Code, fault.Table, fault.Column, fault.Constraint, exception);
            return new ProblemResult(EndpointProblems.InternalError);
        }
    }
}
