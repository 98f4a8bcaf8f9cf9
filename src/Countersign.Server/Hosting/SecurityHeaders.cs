using System.Globalization;

namespace Countersign.Server.Hosting;

/// <summary>Headers of every answer, whoever writes it.</summary>
internal static class SecurityHeaders
{
    // Nothing that this server answers is a page, save those that say so by a policy of their own (RFC 9700 §4.16, and the CSP 3 specification).
    private const string NothingRuns = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers when an answer starts, where whoever wrote it has set none of its own.</summary>
    /// <param name="app">The app; call this before all that answers.</param>
    /// <param name="hsts">The life of <c>Strict-Transport-Security</c>; null to send none.</param>
    public static void UseSecurityHeaders(this IApplicationBuilder app, TimeSpan? hsts)
    {
        var transport = hsts is { } life ? string.Create(CultureInfo.InvariantCulture, $"max-age={(long)life.TotalSeconds}") : null;
        app.Use((context, next) =>
        {
            // What is registered first is called last, and stays when an error clears the headers that were set before it.
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
