using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Countersign.Reliability.Stage;

namespace Countersign.Reliability.Clients;

/// <summary>The routes as any client calls them.</summary>
internal sealed class Api : IDisposable
{
    public const string Password = "violet umbrella orbit";

    /// <summary>Longer than the server may take to decide: a client that gives up earlier could be overtaken by its own request.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = Timeout.InfiniteTimeSpan, ConnectTimeout = TimeSpan.FromSeconds(2),
    })
    {
        Timeout = Patience,
    };

    public void Dispose() => _http.Dispose();

    public static string Email(int account) => $"u{account}@example.com";

    public async Task RegisterAsync(ServedProcess node, int account) =>
        Expect(201, await SendAsync(node, "auth/register", JsonContent.Create(new { email = Email(account), password = Password })), "register");

    public async Task<TokenPair> LogInAsync(ServedProcess node, int account, string password = Password)
    {
        var reply = await TryLogInAsync(node, account, password);
        Expect(200, reply, "login");
        return reply.Pair!;
    }

    public Task<Reply> TryLogInAsync(ServedProcess node, int account, string password = Password) =>
        SendAsync(node, "auth/login", JsonContent.Create(new { username = Email(account), password }), readsPair: true);

    public Task<Reply> RefreshAsync(ServedProcess node, string refreshToken) =>
        SendAsync(node, "auth/refresh", JsonContent.Create(new { refresh_token = refreshToken }), readsPair: true);

    public Task<Reply> LogOutAsync(ServedProcess node, string accessToken) => SendAsync(node, "auth/logout", null, bearer: accessToken);

    public Task<Reply> ChangePasswordAsync(ServedProcess node, string accessToken, string current, string next) =>
        SendAsync(node, "auth/change-password", JsonContent.Create(new { current_password = current, new_password = next }), bearer: accessToken, readsPair: true);

    /// <summary>An authorised request, which needs the account's row.</summary>
    public Task<Reply> MeAsync(ServedProcess node, string accessToken) => SendAsync(node, "users/me", null, HttpMethod.Get, accessToken);

    /// <summary>Whether a node accepts an access token: the very check of an authorised request, and nothing of the database.</summary>
    /// <returns>Null where it did not answer.</returns>
    public async Task<bool?> IsAcceptedAsync(ServedProcess node, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "/api/v1/auth/introspect"));
        request.Content = new FormUrlEncodedContent([new("token", accessToken)]);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Deployment.ClientId}:{Deployment.ClientSecret}")));
        try
        {
            using var answer = await _http.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            return document.RootElement.GetProperty("active").GetBoolean();
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    public static void Expect(int status, Reply reply, string what)
    {
        if (reply.Status != status)
        {
            throw new InvalidOperationException($"{what}: {reply}, not {status}.");
        }
    }

    private async Task<Reply> SendAsync(
        ServedProcess node, string path, HttpContent? content, HttpMethod? method = null, string? bearer = null, bool readsPair = false)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(node.Address, "/api/v1/" + path));
        request.Content = content;
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        long started = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await _http.SendAsync(request);
            byte[] body = await answer.Content.ReadAsByteArrayAsync();
            return new Reply
            {
                Status = (int)answer.StatusCode,
                Code = answer.IsSuccessStatusCode ? null : CodeOf(body),
                Pair = readsPair && answer.IsSuccessStatusCode ? TokenPair.Read(body) : null,
                RetryAfter = answer.Headers.RetryAfter?.Delta,
                Took = Stopwatch.GetElapsedTime(started),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            bool isBrokenOff = exception is HttpRequestException { HttpRequestError: not HttpRequestError.ConnectionError };
            return new Reply { Status = 0, IsBrokenOff = isBrokenOff, Took = Stopwatch.GetElapsedTime(started) };
        }
    }

    private static string? CodeOf(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
