using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Countersign.Server.Hosting;

/// <summary>Where a request comes from when proxies stand before the server, and over which scheme it came to the first of them.</summary>
internal static class ForwardedRequests
{
    /// <summary>
    /// Takes <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> from the proxies, walking back until an address is none of theirs. The host is never taken
    /// from a header: nothing that the server says is built from it.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="proxies">The proxies; without any the headers change nothing.</param>
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

            // The chain ends where the trust does, however many proxies there are.
            ForwardLimit = null,
        };

        // The framework trusts loopback unless told otherwise: any local process could then speak for any client.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        app.UseForwardedHeaders(options);
    }
}

/// <summary>Says once that forwarded headers come and are not taken: behind a proxy all clients have its address then, and share each network's limits.</summary>
internal sealed class ForwardedHeadersNotice(RequestDelegate next, ILogger<ForwardedHeadersNotice> logger)
{
    private int _said;

    /// <summary>Looks for the header, and goes on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (_said == 0 && context.Request.Headers.ContainsKey("X-Forwarded-For") && Interlocked.Exchange(ref _said, 1) == 0)
        {
            Log.ForwardedHeadersIgnored(logger, context.Connection.RemoteIpAddress);
        }

        return next(context);
    }
}
