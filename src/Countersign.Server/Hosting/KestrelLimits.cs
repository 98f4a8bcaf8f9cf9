using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Countersign.Server.Hosting;

/// <summary>What one client may cost before anything of the server's own has seen it.</summary>
internal static class KestrelLimits
{
    // Not what a route takes (that is 16 KiB), but how much of a refused body is read and discarded. Most clients send all of a body before they read, and
    // lose an answer that is followed by the end of the connection (RFC 9112 §9.6). Kestrel also stops after five seconds. It keeps nothing of what it discards.
    private const long MaxDiscardedBytes = 32 * 1024 * 1024;

    // A token of 8 KiB, the framework's own headers and room to spare.
    private const int MaxHeaderBytes = 16 * 1024;

    // Kestrel takes a bare LF for the end of a line unless it is told not to. Proxies that do not would see other requests than this server (RFC 9112 section 11.2).
    private const string StrictLineEnds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    // A browser behind two proxies sends thirty.
    private const int MaxHeaders = 64;

    // Memory and file descriptors stay bounded: with TLS a connection takes up to 70 KiB. How many of them one client may have is for the proxy or the firewall to
    // say; here a limit for each address would let whoever shares it be shut out by one.
    private const int MaxConnections = 10_000;

    // What RFC 9113 §6.5.2 recommends as the least: written down, so that what one connection may ask for at once does not change with the framework.
    private const int MaxStreams = 100;

    // A genuine client sends its headers in one packet.
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // Longer than proxies keep an idle connection (nginx: 60 seconds), so that it is they who close and no request meets a closed one.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);

    // Bytes a second of a body, after a grace for the first; the longest body that a route takes then needs about a minute. Slower ones are refused.
    private static readonly MinDataRate BodyRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Sets the limits, and the addresses unless the section <c>Kestrel</c> names them.</summary>
    public static void Configure(IWebHostBuilder host, IReadOnlyList<string> addresses)
    {
        AppContext.SetSwitch(StrictLineEnds, isEnabled: true);
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxDiscardedBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.MaxRequestHeaderCount = MaxHeaders;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = IdleTimeout;
            kestrel.Limits.MinRequestBodyDataRate = BodyRate;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreams;
        });
        if (addresses.Count > 0)
        {
            host.UseUrls([.. addresses]);
        }
    }
}
