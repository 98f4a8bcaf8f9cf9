namespace Countersign.Server.Hosting;

/// <summary>What one client may cost before anything of the server's own has seen it.</summary>
internal static class KestrelLimits
{
    // The largest body that any route takes is 16 KiB; this is the wall behind those limits.
    private const long MaxBodyBytes = 64 * 1024;

    // A token of 8 KiB, the framework's own headers and room to spare.
    private const int MaxHeaderBytes = 16 * 1024;

    // Kestrel takes a bare LF for the end of a line unless it is told not to. Proxies that do not would see other requests than this server (RFC 9112 section 11.2).
    private const string StrictLineEnds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Sets the limits, and the addresses unless the section <c>Kestrel</c> names them.</summary>
    public static void Configure(IWebHostBuilder host, IReadOnlyList<string> addresses)
    {
        AppContext.SetSwitch(StrictLineEnds, isEnabled: true);
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        });
        if (addresses.Count > 0)
        {
            host.UseUrls([.. addresses]);
        }
    }
}
