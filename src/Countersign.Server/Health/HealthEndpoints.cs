using System.Text.Json.Serialization;

namespace Countersign.Server.Health;

/// <summary>What orchestrators ask.</summary>
internal static class HealthEndpoints
{
    private static readonly HealthAnswer Live = new("live", []);

    /// <summary>Lays <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", GetLive);
        endpoints.MapGet("/health/ready", GetReadyAsync);
    }

    /// <summary>The process answers: restarting it would help nothing.</summary>
    private static IResult GetLive(HttpContext context) => Answer(context, Live, StatusCodes.Status200OK);

    /// <summary>Whether requests should be sent here: 200, or 503 with what is in the way.</summary>
    private static async Task<IResult> GetReadyAsync(HttpContext context, ServerHealth health, CancellationToken cancellationToken)
    {
        var faults = await health.FindFaultsAsync(cancellationToken).ConfigureAwait(false);
        return faults.Count == 0
            ? Answer(context, new HealthAnswer("ready", faults), StatusCodes.Status200OK)
            : Answer(context, new HealthAnswer("not_ready", faults), StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult Answer(HttpContext context, HealthAnswer answer, int status)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(answer, HealthJson.Default.HealthAnswer, contentType: "application/json", statusCode: status);
    }
}

/// <summary>The answer.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Faults">What is in the way; empty when nothing is.</param>
internal sealed record HealthAnswer(string Status, IReadOnlyList<string> Faults);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
