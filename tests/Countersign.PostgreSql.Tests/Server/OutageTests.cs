using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Countersign.Harness;
using Countersign.Sessions.Keys;
using Countersign.TestServer;

namespace Countersign.PostgreSql.Tests.Server;

/// <summary>The database goes away under a running server, in the ways in which databases go, and comes back.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const string ClientSecret = "mHcWq0eVt3dZk2Jw7yT1uRb5nXs9pLf4aGi6oKcQxE8";

    private PostgreSqlCluster _cluster = null!;
    private PostgreSqlServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestPostgreSql.StartAsync("fsync=off");
        _server = new PostgreSqlServer(
            // The server's own two seconds are too short for its start beside much other work.
            $"{new PostgreSqlDatabase(_cluster.ConnectionString).ConnectionString};Timeout=10",
            MasterKey.Create(),
            ("Auth__Audience", "https://api.example.com"),
            ("Auth__Clients__0__Id", "api"),
            ("Auth__Clients__0__SecretHash", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret)))),
            ("Auth__Clients__0__Audiences__0", "https://api.example.com"))
        {
            ExpectsFailures = true,
        };
        await _server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task Database_StoppedKilledAndFrozen_NothingIsHarmedAndTheServerGoesOnByItself()
    {
        using var user = await _server.LoggedInAsync();
        (Func<Task> GoAwayAsync, Func<Task> ComeBackAsync)[] ways =
        [
            (_cluster.StopAsync, _cluster.StartAgainAsync),
            (_cluster.KillAsync, _cluster.StartAgainAsync),
            (_cluster.FreezeAsync, _cluster.ThawAsync),
        ];
        foreach (var (goAwayAsync, comeBackAsync) in ways)
        {
            await goAwayAsync();
            try
            {
                await AssertAwayAsync(user);
            }
            finally
            {
                await comeBackAsync();
            }

            user.Keep(await UntilItAnswersAsync(() => user.RefreshAsync()));
            await UntilItAnswersAsync(() => user.MeAsync());
            await UntilItAnswersAsync(() => user.TryLogInAsync());
            await UntilItAnswersAsync(() => user.GetAsync("/health/ready"));
        }
    }

    private async Task AssertAwayAsync(ApiClient user)
    {
        // What needs the database says when to come again; what a token alone can answer is answered.
        var refused = await Task.WhenAll(
            user.RefreshAsync(), user.RefreshAsync(), user.TryLogInAsync(), user.MeAsync(), user.PostAsync("/auth/logout", bearer: user.AccessToken));
        Assert.All(refused, static answer =>
        {
            Assert.Equal(503, answer.Status);
            Assert.NotNull(answer.RetryAfter);
        });
        Assert.Equal(401, (await user.MeAsync("nonsense")).Status);
        Assert.Equal(400, (await user.RefreshAsync("nonsense")).Status);
        Assert.Equal(503, (await user.GetAsync("/health/ready")).Status);
        Assert.Equal(200, (await user.GetAsync("/health/live")).Status);
        Assert.Equal(200, (await user.GetAsync("/.well-known/jwks.json")).Status);
        Assert.True((await IntrospectAsync(user.AccessToken)).Body.GetProperty("active").GetBoolean());
    }

    private async Task<Answer> IntrospectAsync(string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, "/api/v1/auth/introspect"));
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"api:{ClientSecret}")));
        using var response = await http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Asks as a client does that is told to come again: anything but 503 and 200 would have harmed it.</summary>
    private static async Task<Answer> UntilItAnswersAsync(Func<Task<Answer>> ask)
    {
        var answer = await ask();
        await Patience.UntilAsync(async () =>
        {
            Assert.True(answer.Status is 200 or 503, $"{answer.Status} {answer.Raw}");
            return answer.Status == 200 || (answer = await ask()).Status == 200;
        });
        return answer;
    }
}
