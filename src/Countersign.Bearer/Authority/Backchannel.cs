using System.Net;
using System.Net.Http.Headers;

namespace Countersign.Bearer.Authority;

/// <summary>Reads small documents from an authority: at most <see cref="MaxBytes"/>, from the very address that is asked for.</summary>
internal sealed class Backchannel : IDisposable
{
    /// <summary>Longest document in bytes: what the reader of JWK Sets takes, and several times what any metadata has.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Connections are made anew after it, so that a changed DNS record is seen.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;

    /// <param name="handler">The caller's own handler; null makes one.</param>
    public Backchannel(HttpMessageHandler? handler)
    {
        // Each request has a limit in time of its own, by the app's clock.
        _http = new HttpClient(handler ?? CreateHandler(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Countersign.Bearer", productVersion: null));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Reads a document.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="pastCaches">Whether caches on the way shall ask the authority itself (RFC 9111 §5.2.1.4).</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="HttpRequestException">The authority can't be reached.</exception>
    /// <exception cref="IOException">It stopped answering half-way.</exception>
    public async Task<BackchannelAnswer> ReadAsync(Uri address, bool pastCaches, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.CacheControl = pastCaches ? new CacheControlHeaderValue { NoCache = true } : null;
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);

        // A handler of the app's may follow redirects all the same.
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
        // Whoever can make the authority redirect could otherwise choose whose keys are trusted.
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,
    };

    /// <returns>Null where the body is too long.</returns>
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
