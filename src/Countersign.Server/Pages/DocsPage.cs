using System.Reflection;
using Countersign.Server.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Countersign.Server.Pages;

/// <summary>The documentation page: Swagger UI over the OpenAPI document, which can log in and try the routes.</summary>
internal static class DocsPage
{
    private const string Path = "/docs";

    // Swagger UI brings its scripts and styles along; its images are in the style as data. It asks this server alone.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Serves the page and what it is made of.</summary>
    public static void UseDocsPage(this WebApplication app) => app.UseWhen(
        static context => context.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal),
        static docs =>
        {
            docs.Use(static (context, next) =>
            {
                PageHeaders.Set(context.Response.Headers, ContentSecurityPolicy);
                return next(context);
            });
            docs.UseSwaggerUI(Configure);
        });

    private static void Configure(SwaggerUIOptions options)
    {
        options.RoutePrefix = Path[1..];
        options.DocumentTitle = "Countersign: documentation";
        options.IndexStream = static () => Assembly.GetExecutingAssembly().GetManifestResourceStream("pages/docs.html")!;
        options.SwaggerEndpoint(OpenApiEndpoints.Path, "Countersign");
        options.DefaultModelsExpandDepth(0);

        // Without the bar for documents of others.
        options.ConfigObject.AdditionalItems["layout"] = "BaseLayout";

        // A token lives as long as the page is open: a copy in the browser's storage would be there for whoever comes next.
        options.ConfigObject.PersistAuthorization = false;
    }
}
