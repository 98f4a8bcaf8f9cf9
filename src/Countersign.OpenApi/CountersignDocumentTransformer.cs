using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.OpenApi;

/// <summary>Adds the security schemes to an app's document. A scheme of the app with the same name stays.</summary>
internal sealed class CountersignDocumentTransformer : IOpenApiDocumentTransformer
{
    /// <inheritdoc />
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        ApiDescription[] routes = [.. context.DescriptionGroups.SelectMany(static group => group.Items)];
        foreach (var (name, scheme) in SecuritySchemes.Of(routes, BasePath(document)))
        {
            document.Components.SecuritySchemes.TryAdd(name, scheme);
        }

        return Task.CompletedTask;
    }

    /// <summary>The path at which the app is served, such as that of <c>UsePathBase</c>. Paths of a document are below its server's address.</summary>
    private static string BasePath(OpenApiDocument document) =>
        document.Servers is [{ Url: { } url }, ..] && Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.AbsolutePath.TrimEnd('/') : string.Empty;
}
