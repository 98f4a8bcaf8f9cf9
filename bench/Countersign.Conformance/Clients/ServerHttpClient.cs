using Countersign.Conformance.Servers;
using Countersign.Harness;

namespace Countersign.Conformance.Clients;

/// <summary>Sends the requests of clients to the nodes of a server.</summary>
internal sealed class ServerHttpClient(Server server) : IDisposable
{
    /// <summary>If a server has not answered by now, it hangs: this is four times as long as most people wait for a page.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ReplyClient _http = new(connectPatience: TimeSpan.FromSeconds(5), Patience, server.Members);

    public Server Server => server;

    public void Dispose() => _http.Dispose();

    public Task<Reply> RegisterAsync(Uri node, Account account) => _http.SendAsync(server.Register(node, account));

    public Task<Reply> LogInAsync(Uri node, Account account) => _http.SendAsync(server.LogIn(node, account));

    public Task<Reply> RefreshAsync(Uri node, string token, CancellationToken cancellationToken = default) =>
        _http.SendAsync(server.Refresh(node, token), cancellationToken);

    public Task<Reply> MeAsync(Uri node, string access) => _http.SendAsync(server.Me(node, access));

    public Task<Reply> LogOutAsync(Uri node, TokenPair pair) => _http.SendAsync(server.LogOut(node, pair));

    public Task<Reply> ChangePasswordAsync(Uri node, string access, Account account, string newPassword) =>
        _http.SendAsync(server.ChangePassword(node, access, account, newPassword));
}
