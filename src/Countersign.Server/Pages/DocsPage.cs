using System.Reflection;
using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer.Problems;
using Microsoft.Extensions.FileProviders;

namespace Countersign.Server.Pages;

/// <summary>The documentation page: Swagger UI over the OpenAPI document, which can log in and try the routes.</summary>
internal static class DocsPage
{
    private const string Path = "/docs";

    // Swagger UI's images are in its style, as data. It asks this server alone, and runs no script but its own and ours.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Serves the page and what it is made of.</summary>
    public static void UseDocsPage(this WebApplication app) => app.UseWhen(
        static context => context.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal),
        docs =>
        {
            // The form takes passwords, so what comes of it is held to the rule of the routes that do.
            var takesHttp = app.Environment.IsDevelopment();
            docs.Use((context, next) =>
                TransportFilter.FindProblem(context, takesHttp) is { } problem ? new ProblemResult(problem).ExecuteAsync(context) : next(context));
            docs.Use(static (context, next) =>
            {
                // Once it is known that this is the page: what is refused beside it gets the headers of every refusal.
                context.Response.OnStarting(() =>
                {
                    if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
                    {
                        PageHeaders.Set(context.Response.Headers, ContentSecurityPolicy);
                    }

                    return Task.CompletedTask;
                });
                return next(context);
            });

            // Ours, which start Swagger UI as we want it; then its own.
            docs.UseStaticFiles(new StaticFileOptions
            {
                RequestPath = Path,
                FileProvider = new EmbeddedFileProvider(Assembly.GetExecutingAssembly(), "docs"),
                OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
            });
            docs.UseSwaggerUI(static options => options.RoutePrefix = Path[1..]);
        });
}
