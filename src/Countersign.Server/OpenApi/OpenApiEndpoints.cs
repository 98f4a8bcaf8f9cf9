using System.Text.Json.Nodes;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Wire;
using Countersign.Server.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>Serves the OpenAPI document.</summary>
internal static class OpenApiEndpoints
{
    /// <summary>The name of the document.</summary>
    public const string DocumentName = "v1";

    private static readonly string[] Endings = ["Response", "Document"];

    /// <summary>The path of the document.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>Registers the services that make the document.</summary>
    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, static options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;

            // The document itself has its own format, which is described elsewhere.
            options.CreateSchemaReferenceId = static type =>
                type.Type == typeof(JsonObject) ? null : SchemaName(OpenApiOptions.CreateDefaultSchemaReferenceId(type));
            options.AddSchemaTransformer(new SchemaTransformer());
            options.AddOperationTransformer(new OperationTransformer());
            options.AddDocumentTransformer(new DocumentTransformer());
        });
        services.AddSingleton<ServedDocument>();
    }

    /// <summary>Maps the route.</summary>
    public static void MapOpenApiDocument(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet(Path, GetAsync)
        .AllowAnonymous()
        .WithTags("pages")
        .Named("getOpenApiDocument")
        .WithSummary("This document")
        .Produces<JsonObject>(StatusCodes.Status200OK, "application/json")
        .WithProblems(FrameworkProblems.PreconditionFailed);

    /// <summary>The name of a schema for clients. It says what the object is, not whether it is sent or received.</summary>
    private static string? SchemaName(string? typeName) =>
        Endings.FirstOrDefault(ending => typeName?.EndsWith(ending, StringComparison.Ordinal) == true) is { } ending ? typeName![..^ending.Length] : typeName;

    private static async Task<IResult> GetAsync(HttpContext context, ServedDocument document, CancellationToken cancellationToken)
    {
        var (json, entityTag) = await document.GetAsync(cancellationToken).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(json, "application/json", entityTag: entityTag);
    }
}
