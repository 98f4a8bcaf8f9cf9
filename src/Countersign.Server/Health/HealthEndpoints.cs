using System.ComponentModel;
using System.Net;
using System.Text.Json.Serialization;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Health;
using Countersign.Sessions.Issuing;

namespace Countersign.Server.Health;

/// <summary>The routes for orchestrators.</summary>
internal static class HealthEndpoints
{
    private static readonly HealthResponse Live = new("live", []);

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.MapGroup("/health").AllowAnonymous().WithTags("health");
        health.MapGet("/live", GetLive)
            .Named("getLiveness")
            .WithSummary("Whether the process answers")
            .Produces<HealthResponse>(StatusCodes.Status200OK, "application/json");
        health.MapGet("/ready", GetReadyAsync)
            .Named("getReadiness")
            .WithSummary("Whether requests should be sent here")
            .Produces<HealthResponse>(StatusCodes.Status200OK, "application/json")
            .Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable, "application/json");
    }

    /// <summary>Whether the process answers. If it does, a restart would not help.</summary>
    private static IResult GetLive(HttpContext context) => Answer(context, Live, StatusCodes.Status200OK);

    /// <summary>Whether requests should be sent here: 200, or 503 with the reasons.</summary>
    private static async Task<IResult> GetReadyAsync(HttpContext context, ServiceHealth health, CancellationToken cancellationToken)
    {
        var faults = await health.FindFaultsAsync(cancellationToken).ConfigureAwait(false);
        return faults.Count == 0
            ? Answer(context, new HealthResponse("ready", faults), StatusCodes.Status200OK)
            : Answer(context, new HealthResponse("not_ready", IsOfThisMachine(context) ? faults : []), StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>
    /// Whether the caller is on this machine. A proxy that is not in the settings is not the client: forwarding headers must be absent, and the host must be
    /// loopback.
    /// </summary>
    private static bool IsOfThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && !context.Request.Headers.ContainsKey("Forwarded")
        && IssuerRules.IsLoopbackHost(context.Request.Host.Host);

    private static IResult Answer(HttpContext context, HealthResponse answer, int status)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(answer, HealthJson.Default.HealthResponse, contentType: "application/json", statusCode: status);
    }
}

internal sealed record HealthResponse(
    [property: Description("`live`, `ready` or `not_ready`.")] string Status,
    [property: Description("What is in the way; empty when nothing is, and for callers on other machines.")] IReadOnlyList<string> Faults);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthResponse))]
internal sealed partial class HealthJson : JsonSerializerContext;
