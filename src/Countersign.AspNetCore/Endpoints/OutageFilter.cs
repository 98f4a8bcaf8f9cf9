using Countersign.Bearer.Problems;
using Countersign.Passwords;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Answers 503 with <c>Retry-After</c> if a route can't reach what it needs, and 500 if the database would refuse the same values again.</summary>
/// <remarks>
/// A 503 does not say that nothing was done: a commit that failed may have reached the database, and a session may have been refreshed by one that was slow.
/// The client sends the request again, a refresh with the token that it has stored by then. A client that gets 500 has no reason to send it again.
/// </remarks>
internal sealed class OutageFilter(ILogger<OutageFilter> logger) : IEndpointFilter
{
    /// <summary>The problem if no better time for the next try is known.</summary>
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
            // A flood of logins must not become a flood of log lines. The engine's meter counts them.
            EndpointLog.Busy(logger, context.HttpContext.Request.Path.Value);
            return new ProblemResult(Problem with { RetryAfter = busy.RetryAfter });
        }
        catch (AccountEventException)
        {
            // Logged where it was thrown. The app's events are its own code, so a failure there is no outage, whatever it threw.
            return new ProblemResult(EndpointProblems.InternalError);
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
