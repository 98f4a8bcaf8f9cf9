using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Countersign.Server.Hosting;

/// <summary>Limits on a client's use of resources, before any of the server's own code runs.</summary>
internal static class KestrelLimits
{
    // This is not the limit of a route (16 KiB). It is how much of a refused body is read and discarded. Most clients send the whole body before they read.
    // They lose a response if the connection closes right after it (RFC 9112 §9.6). Kestrel also stops after five seconds. Discarded bytes take no memory.
    private const long MaxDiscardedBytes = 32 * 1024 * 1024;

    // Enough for a token of 8 KiB and the usual headers.
    private const int MaxHeaderBytes = 16 * 1024;

    // By default Kestrel accepts a bare LF as the end of a line. Proxies that do not would see other requests than this server (RFC 9112 section 11.2).
    private const string StrictLineEnds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    // A browser behind two proxies sends thirty.
    private const int MaxHeaders = 64;

    // This limits memory and file descriptors: with TLS a connection takes up to 70 KiB. The limit for each client belongs to the proxy or the firewall. With a
    // limit for each address here, one client could shut out all others behind the same address.
    private const int MaxConnections = 10_000;

    // The least that RFC 9113 §6.5.2 recommends. It is set here so that a new framework version does not change it.
    private const int MaxStreams = 100;

    // A genuine client sends its headers in one packet.
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // Longer than proxies keep an idle connection (nginx: 60 seconds). So the proxy closes it first, and no request meets a closed connection.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);

    // Bytes a second of a body, after a grace period. At this rate the longest body of a route takes about a minute. Slower bodies are refused.
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
