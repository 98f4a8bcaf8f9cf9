using System.Globalization;

namespace Countersign.Server.Hosting;

/// <summary>Headers of every response.</summary>
internal static class SecurityHeaders
{
    // No response of this server is a page, except those with their own policy (RFC 9700 §4.16, and the CSP 3 specification).
    private const string NothingRuns = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers when a response starts, unless the handler has set its own.</summary>
    /// <param name="app">The app. Call this before everything that writes a response.</param>
    /// <param name="hsts">The lifetime of <c>Strict-Transport-Security</c>; null to send none.</param>
    public static void UseSecurityHeaders(this IApplicationBuilder app, TimeSpan? hsts)
    {
        var transport = hsts is { } life ? string.Create(CultureInfo.InvariantCulture, $"max-age={(long)life.TotalSeconds}") : null;
        app.Use((context, next) =>
        {
            // The first registered callback runs last. So its headers remain when an error clears the earlier ones.
            context.Response.OnStarting(
                static state =>
                {
                    var (started, transport) = ((HttpContext, string?))state;
                    Set(started, transport);
                    return Task.CompletedTask;
                },
                (context, transport));
            return next(context);
        });
    }

    private static void Set(HttpContext context, string? transport)
    {
        var headers = context.Response.Headers;
        headers.TryAdd("X-Content-Type-Options", "nosniff");
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("Content-Security-Policy", NothingRuns);

        // Over plain http it must not be sent (RFC 6797 §7.2).
        if (transport is not null && context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = transport;
        }
    }
}
