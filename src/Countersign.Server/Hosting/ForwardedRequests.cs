using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Countersign.Server.Hosting;

/// <summary>Finds where a request comes from when proxies stand before the server, and over which scheme it reached the first of them.</summary>
internal static class ForwardedRequests
{
    /// <summary>
    /// Reads <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> of the proxies, backwards until an address is not a proxy's. The host is never read from a
    /// header: nothing in the server's responses is built from it.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="proxies">The proxies. Without any, the headers have no effect.</param>
    public static void UseForwardedRequests(this IApplicationBuilder app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
        {
            app.UseMiddleware<ForwardedHeadersNotice>();
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,

            // The chain ends at the first untrusted address, with any number of proxies.
            ForwardLimit = null,
        };

        // By default the framework trusts loopback: then any local process could forge the address of a client.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        app.UseForwardedHeaders(options);
    }
}

/// <summary>
/// Logs once if forwarded headers arrive and are ignored. Behind a proxy all clients then have its address and share the limits of one network.
/// </summary>
internal sealed class ForwardedHeadersNotice(RequestDelegate next, ILogger<ForwardedHeadersNotice> logger)
{
    private int _said;

    /// <summary>Checks for the header, and continues.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (_said == 0 && context.Request.Headers.ContainsKey("X-Forwarded-For") && Interlocked.Exchange(ref _said, 1) == 0)
        {
            Log.ForwardedHeadersIgnored(logger, context.Connection.RemoteIpAddress);
        }

        return next(context);
    }
}
