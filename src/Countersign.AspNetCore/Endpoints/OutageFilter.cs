using Countersign.Bearer.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Answers 503 with <c>Retry-After</c> where a route can't reach what it needs. Nothing was decided then, and the client may send its request again.</summary>
internal sealed class OutageFilter(ILogger<OutageFilter> logger) : IEndpointFilter
{
    /// <summary>The refusal, as it is where nothing better is known of when to try again.</summary>
    public static Refusal Refusal { get; } = Outage.Refusal with { OAuthError = "temporarily_unavailable" };

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
            return new ProblemResult(Refusal with { RetryAfter = retryAfter });
        }
    }
}
