using System.Net;
using Countersign.Conformance.Servers;

namespace Countersign.Conformance.Wiring;

/// <summary>All that clients of a server send. Nothing is sent a second time behind their backs.</summary>
internal sealed class Wire(Server server) : IDisposable
{
    /// <summary>A server that has not answered by now hangs: four times as long as a page is waited for by most people.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public Server Server => server;

    public void Dispose() => _http.Dispose();

    public Task<Reply> RegisterAsync(Uri node, Account account) => SendAsync(server.Register(node, account));

    public Task<Reply> LogInAsync(Uri node, Account account) => SendAsync(server.LogIn(node, account));

    public Task<Reply> RefreshAsync(Uri node, string token, CancellationToken cancellationToken = default) => SendAsync(server.Refresh(node, token), cancellationToken);

    public Task<Reply> MeAsync(Uri node, string access) => SendAsync(server.Me(node, access));

    public Task<Reply> LogOutAsync(Uri node, Pair pair) => SendAsync(server.LogOut(node, pair));

    public Task<Reply> ChangePasswordAsync(Uri node, string access, Account account, string newPassword) =>
        SendAsync(server.ChangePassword(node, access, account, newPassword));

    /// <summary>Whether the node answers at all, and with success.</summary>
    public async Task<bool> IsReadyAsync(Uri node) => (await SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(node, server.ReadyPath)))).IsGood;

    private async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using (request)
            using (var response = await _http.SendAsync(request, patience.Token))
            {
                string body = await response.Content.ReadAsStringAsync(patience.Token);
                int status = (int)response.StatusCode;
                var kind = Reply.KindOf(status);
                return new Reply(kind, status, kind is ReplyKind.Good ? server.ReadPair(body) : null, kind is ReplyKind.Good ? null : server.ReadReason(body));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply(ReplyKind.Hung, 0, null, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or WebException)
        {
            return new Reply(ReplyKind.Lost, 0, null, null);
        }
    }
}
