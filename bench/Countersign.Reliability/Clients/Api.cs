using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Countersign.Harness;
using Countersign.Reliability.Servers;

namespace Countersign.Reliability.Clients;

/// <summary>Calls the routes like any client.</summary>
internal sealed class Api : IDisposable
{
    public const string Password = "violet umbrella orbit";

    /// <summary>Longer than the server may take to decide: otherwise a client could give up while its request is still running.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ReplyClient _http = new(connectPatience: TimeSpan.FromSeconds(2), Patience);

    public void Dispose() => _http.Dispose();

    public static string Email(int account) => $"u{account}@example.com";

    public async Task RegisterAsync(ServerNode node, int account) =>
        Expect(201, await SendAsync(node, "auth/register", JsonContent.Create(new { email = Email(account), password = Password })), "register");

    public async Task<TokenPair> LogInAsync(ServerNode node, int account, string password = Password)
    {
        var reply = await TryLogInAsync(node, account, password);
        Expect(200, reply, "login");
        return reply.Pair!;
    }

    public Task<Reply> TryLogInAsync(ServerNode node, int account, string password = Password) =>
        SendAsync(node, "auth/login", JsonContent.Create(new { username = Email(account), password }));

    public Task<Reply> RefreshAsync(ServerNode node, string refreshToken) =>
        SendAsync(node, "auth/refresh", JsonContent.Create(new { refresh_token = refreshToken }));

    public Task<Reply> LogOutAsync(ServerNode node, string accessToken) =>
        SendAsync(node, "auth/logout", null, authorization: Bearer(accessToken));

    public Task<Reply> ChangePasswordAsync(ServerNode node, string accessToken, string current, string next) =>
        SendAsync(
            node, "auth/change-password", JsonContent.Create(new { current_password = current, new_password = next }), authorization: Bearer(accessToken));

    /// <summary>Sends an authorised request that needs the account's row.</summary>
    public Task<Reply> MeAsync(ServerNode node, string accessToken) => SendAsync(node, "users/me", null, HttpMethod.Get, Bearer(accessToken));

    /// <summary>Whether a node accepts an access token: the same check as for an authorised request, without the database.</summary>
    /// <returns>Null if it did not answer.</returns>
    public async Task<bool?> IsAcceptedAsync(ServerNode node, string accessToken)
    {
        byte[] credentials = Encoding.ASCII.GetBytes($"{Deployment.ClientId}:{Deployment.ClientSecret}");
        var basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        var reply = await SendAsync(node, "auth/introspect", new FormUrlEncodedContent([new("token", accessToken)]), authorization: basic);
        return reply.IsGood ? reply.Body.GetProperty("active").GetBoolean() : null;
    }

    public static void Expect(int status, Reply reply, string what)
    {
        if (reply.Status != status)
        {
            throw new InvalidOperationException($"{what}: {reply}, not {status}.");
        }
    }

    private static AuthenticationHeaderValue Bearer(string accessToken) => new("Bearer", accessToken);

    private Task<Reply> SendAsync(
        ServerNode node, string path, HttpContent? content, HttpMethod? method = null, AuthenticationHeaderValue? authorization = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(node.Address, "/api/v1/" + path)) { Content = content };
        request.Headers.Authorization = authorization;
        return _http.SendAsync(request);
    }
}
