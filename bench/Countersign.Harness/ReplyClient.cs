using System.Diagnostics;

namespace Countersign.Harness;

/// <summary>Sends requests and returns a <see cref="Reply"/> for each, also after a failure. It never repeats a request.</summary>
/// <param name="connectPatience">How long a connection may take.</param>
/// <param name="patience">How long an answer may take.</param>
/// <param name="members">How the server names the tokens; null for RFC 6749's names.</param>
public sealed class ReplyClient(TimeSpan connectPatience, TimeSpan patience, TokenMembers? members = null) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = connectPatience,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request, and disposes it.</summary>
    /// <param name="request">The request, with an absolute address.</param>
    /// <param name="cancellationToken">Aborts the request: it then counts as lost.</param>
    public async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        long started = Stopwatch.GetTimestamp();
        try
        {
            using (request)
            using (var response = await _http.SendAsync(request, limit.Token))
            {
                string body = await response.Content.ReadAsStringAsync(limit.Token);
                return Reply.Read(response, body, members ?? TokenMembers.OAuth, Stopwatch.GetElapsedTime(started));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply { Kind = ReplyKind.Hung, Took = Stopwatch.GetElapsedTime(started) };
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            bool isBrokenOff = exception is HttpRequestException { HttpRequestError: not HttpRequestError.ConnectionError };
            return new Reply { Kind = ReplyKind.Lost, IsBrokenOff = isBrokenOff, Took = Stopwatch.GetElapsedTime(started) };
        }
    }
}
