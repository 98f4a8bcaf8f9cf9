using System.Reflection;
using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer.Problems;
using Microsoft.Extensions.FileProviders;

namespace Countersign.Server.Pages;

/// <summary>The documentation page: Swagger UI with the OpenAPI document. It can log in and call the routes.</summary>
internal static class DocsPage
{
    private const string Path = "/docs";

    // Swagger UI's images are data in its style. It sends requests only to this server, and runs only its own script and ours.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Serves the page and its files.</summary>
    public static void UseDocsPage(this WebApplication app) => app.UseWhen(
        static context => context.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal),
        docs =>
        {
            // The page's form takes passwords, so its responses follow the same rule as the routes that take passwords.
            var takesHttp = app.Environment.IsDevelopment();
            docs.Use((context, next) =>
                TransportFilter.FindProblem(context, takesHttp) is { } problem ? new ProblemResult(problem).ExecuteAsync(context) : next(context));
            docs.Use(static (context, next) =>
            {
                // Set the headers only for this page. Refused paths beside it get the headers of every refusal.
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

            // First our files, which start Swagger UI with our settings, then its own.
            docs.UseStaticFiles(new StaticFileOptions
            {
                RequestPath = Path,
                FileProvider = new EmbeddedFileProvider(Assembly.GetExecutingAssembly(), "docs"),
                OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
            });
            docs.UseSwaggerUI(static options => options.RoutePrefix = Path[1..]);
        });
}
