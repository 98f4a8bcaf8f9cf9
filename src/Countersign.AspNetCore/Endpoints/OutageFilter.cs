using Countersign.Bearer.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Answers 503 with <c>Retry-After</c> where a route can't reach what it needs. Nothing was decided then, and the client may send its request again.</summary>
internal sealed class OutageFilter(ILogger<OutageFilter> logger) : IEndpointFilter
{
    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (Outage.Is(exception, out var retryAfter))
        {
            EndpointLog.Unavailable(logger, context.HttpContext.Request.Path, exception);
            return new ProblemResult(BearerRefusals.Unavailable(retryAfter) with { OAuthError = "temporarily_unavailable" });
        }
    }
}
