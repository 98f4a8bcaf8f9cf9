using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Primitives;

namespace Countersign.Server.Hosting;

/// <summary>
/// Which pages of other origins may read the responses (CORS, the Fetch standard §3.3). Credentials of the browser are never allowed, because the server uses
/// none.
/// </summary>
internal static class CorsSetup
{
    private const string PublicDocuments = "/.well-known";

    // Short, so that a removed origin soon loses access. Browsers ask at most once in that time for each route.
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Answers preflights and marks all responses, including errors: under <paramref name="prefix"/> for the origins, for the public documents for all.
    /// </summary>
    public static void UseCrossOrigin(this IApplicationBuilder app, string prefix, IReadOnlyList<string> origins)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(PublicDocuments, StringComparison.OrdinalIgnoreCase),
            static documents => documents.UseCors(DescribePublic));
        if (origins.Count == 0)
        {
            return;
        }

        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase),
            routes =>
            {
                routes.Use(VaryByOrigin);
                routes.UseCors(policy => DescribeRoutes(policy, origins));
            });
    }

    private static void DescribePublic(CorsPolicyBuilder policy) =>
        policy.AllowAnyOrigin().WithMethods(HttpMethods.Get).AllowAnyHeader().SetPreflightMaxAge(PreflightLifetime);

    private static void DescribeRoutes(CorsPolicyBuilder policy, IReadOnlyList<string> origins) => policy
        .WithOrigins([.. origins])
        .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Delete)
        .WithHeaders("Authorization", "Content-Type")
        .WithExposedHeaders("Retry-After", "WWW-Authenticate")
        .SetPreflightMaxAge(PreflightLifetime);

    /// <summary>
    /// Marks every response as dependent on the origin. The framework does so only if several origins are allowed and the request's origin is one of them.
    /// Without the mark, a shared cache would give the response for one origin to another.
    /// </summary>
    private static Task VaryByOrigin(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(
            static state =>
            {
                var headers = ((HttpResponse)state).Headers;
                if (!headers.Vary.Any(static value => string.Equals(value, "Origin", StringComparison.OrdinalIgnoreCase)))
                {
                    headers.Vary = StringValues.Concat(headers.Vary, "Origin");
                }

                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    }
}
