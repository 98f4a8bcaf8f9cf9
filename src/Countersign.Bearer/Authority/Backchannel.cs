using System.Net;
using System.Net.Http.Headers;

namespace Countersign.Bearer.Authority;

/// <summary>Reads small documents from an authority: at most <see cref="MaxBytes"/>, and only from the requested address, without redirects.</summary>
internal sealed class Backchannel : IDisposable
{
    /// <summary>The longest document in bytes. The reader of JWK Sets has the same limit, and metadata is several times smaller.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>A connection is replaced after this time, so that a changed DNS record is seen.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;

    /// <param name="handler">The caller's handler; null to make one.</param>
    public Backchannel(HttpMessageHandler? handler)
    {
        // Each request has its own time limit, by the app's clock.
        _http = new HttpClient(handler ?? CreateHandler(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Countersign.Bearer", productVersion: null));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Reads a document.</summary>
    /// <param name="address">The document's address.</param>
    /// <param name="pastCaches">Whether caches between this app and the authority must ask the authority (RFC 9111 §5.2.1.4).</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="HttpRequestException">The authority can't be reached.</exception>
    /// <exception cref="IOException">The authority stopped answering half-way.</exception>
    public async Task<BackchannelAnswer> ReadAsync(Uri address, bool pastCaches, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.CacheControl = pastCaches ? new CacheControlHeaderValue { NoCache = true } : null;
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);

        // A handler of the app may follow redirects.
        if (response.RequestMessage?.RequestUri is { } answered && answered != address)
        {
            return BackchannelAnswer.Bad($"{address.AbsoluteUri} led to {answered.GetLeftPart(UriPartial.Path)}, and redirects are not followed");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return BackchannelAnswer.Bad(
                FormattableString.Invariant($"{address.AbsoluteUri} answered {(int)response.StatusCode}"), response.StatusCode == HttpStatusCode.NotFound);
        }

        return await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false) is { } body
            ? BackchannelAnswer.Good(body, response.Headers)
            : BackchannelAnswer.Bad(FormattableString.Invariant($"{address.AbsoluteUri} answered with more than {MaxBytes} bytes"));
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler() => new()
    {
        // Otherwise an attacker who can make the authority redirect could choose the trusted keys.
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,
    };

    /// <returns>Null if the body is too long.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > MaxBytes)
        {
            return null;
        }

        var buffer = new byte[MaxBytes + 1];
        using var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return read > MaxBytes ? null : buffer[..read];
    }
}
