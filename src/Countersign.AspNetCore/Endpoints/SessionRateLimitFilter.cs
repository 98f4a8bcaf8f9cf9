using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Limits how many requests one session may send about its own account in a minute, before anything is read. So one user's connections can't make all others
/// wait.
/// </summary>
internal static class SessionRateLimitFilter
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    /// <summary>Adds the limit to a route, and its problem to the route's description.</summary>
    public static TBuilder LimitedBySession<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder =>
        route.AddEndpointFilter(static (context, next) => Refuse(context.HttpContext) is { } problem ? ValueTask.FromResult<object?>(problem) : next(context))
            .WithProblems(LimitProblems.TooManyOfSession(AMinute));

    private static ProblemResult? Refuse(HttpContext context)
    {
        // A token without a session is counted by its account. Neither id can be mistaken for a network.
        if (BearerToken.FindOwn(context)?.Claims is not { } claims)
        {
            return null;
        }

        var key = claims.SessionId?.ToString() ?? $"sub {claims.Subject}";
        return context.RequestServices.GetRequiredService<NetworkLimits>().AccountRequests.TryTake(key) is { } retryAfter
            ? new ProblemResult(LimitProblems.TooManyOfSession(retryAfter))
            : null;
    }
}
