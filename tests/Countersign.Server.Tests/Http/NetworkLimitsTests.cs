using Countersign.Server.Tests.Hosting;

namespace Countersign.Server.Tests.Http;

/// <summary>Few sign-ups and refreshes a minute. Each test has addresses of its own, so that none waits for another's minute.</summary>
public sealed class NetworkLimitsTests(NetworkLimitsTests.Server server) : IClassFixture<NetworkLimitsTests.Server>
{
    [Fact]
    public async Task Refresh_BeyondTheLimit_RefusedAndTheSessionUnharmed()
    {
        using var owner = new EdgeClient(server.Address, "127.0.1.1");
        var refreshToken = await LogInAsync(owner);

        using var elsewhere = new EdgeClient(server.Address, "127.0.1.2");
        for (var request = 0; request < 4; request++)
        {
            Assert.Equal("refresh_token_invalid", (await RefreshAsync(elsewhere, "x.y.z")).Code);
        }

        // From the same address even a good token is not looked at, by whichever route it comes.
        AssertLimited(await RefreshAsync(elsewhere, refreshToken));
        AssertLimited(await elsewhere.SendAsync("POST", "/api/v1/auth/logout", new { refresh_token = refreshToken }));
        AssertLimited(await elsewhere.SendAsync("POST", "/api/v1/auth/logout-all", new { refresh_token = refreshToken }));
        using var form = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refreshToken)]);
        AssertLimited(await elsewhere.SendContentAsync("POST", "/api/v1/auth/token", form));

        // Who sends them from elsewhere is not touched by it: the session lives, and its token is the current one.
        var refreshed = await RefreshAsync(owner, refreshToken);
        Assert.Equal(200, refreshed.Status);
        Assert.Equal(2, refreshed.Json.GetProperty("refresh_generation").GetInt32());
        Assert.Equal(200, (await owner.SendAsync("GET", "/api/v1/users/me", null, ("Authorization", $"Bearer {refreshed.Member("access_token")}"))).Status);
    }

    [Fact]
    public async Task Refresh_BeyondTheLimit_OtherWorkGoesOn()
    {
        using var client = new EdgeClient(server.Address, "127.0.1.3");
        for (var request = 0; request < 4; request++)
        {
            await RefreshAsync(client, "x.y.z");
        }

        // Malformed bodies cost nothing, and are told what they are.
        Assert.Equal("body_malformed", (await client.SendAsync("POST", "/api/v1/auth/refresh", 1)).Code);
        AssertLimited(await RefreshAsync(client, "x.y.z"));

        // Every kind is counted apart.
        Assert.Equal("invalid_credentials", (await client.SendAsync("POST", "/api/v1/auth/login", new { username = "nobody", password = "nothing" })).Code);
        Assert.Equal(201, (await RegisterAsync(client)).Status);
    }

    [Fact]
    public async Task Register_BeyondTheLimit_RefusedAndNothingMade()
    {
        using var client = new EdgeClient(server.Address, "127.0.1.4");
        var email = $"u{Guid.CreateVersion7():N}@example.com";
        Assert.Equal(201, (await RegisterAsync(client, email)).Status);
        Assert.Equal("email_taken", (await RegisterAsync(client, email)).Code);

        // The next does not even learn that the address is taken.
        AssertLimited(await RegisterAsync(client, email));
        var other = $"u{Guid.CreateVersion7():N}@example.com";
        AssertLimited(await RegisterAsync(client, other));
        Assert.Equal(0, await Sqlite.CountAsync(server.Database, $"SELECT count(*) FROM AspNetUsers WHERE NormalizedEmail = '{other.ToUpperInvariant()}'"));

        Assert.Equal(200, (await client.SendAsync("POST", "/api/v1/auth/login", new { username = email, password = ApiClient.Password })).Status);
        using var neighbour = new EdgeClient(server.Address, "127.0.1.5");
        Assert.Equal(201, (await RegisterAsync(neighbour, other)).Status);
    }

    private static void AssertLimited(EdgeAnswer answer)
    {
        Assert.Equal((429, "too_many_requests"), (answer.Status, answer.Code));
        Assert.Equal("temporarily_unavailable", answer.Member("error"));
        Assert.InRange(int.Parse(answer["Retry-After"]!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal("no-store", answer["Cache-Control"]);
    }

    private static Task<EdgeAnswer> RefreshAsync(EdgeClient client, string token) => client.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = token });

    private static Task<EdgeAnswer> RegisterAsync(EdgeClient client, string? email = null) =>
        client.SendAsync("POST", "/api/v1/auth/register", new { email = email ?? $"u{Guid.CreateVersion7():N}@example.com", password = ApiClient.Password });

    private static async Task<string> LogInAsync(EdgeClient client)
    {
        var email = $"u{Guid.CreateVersion7():N}@example.com";
        Assert.Equal(201, (await RegisterAsync(client, email)).Status);
        var login = await client.SendAsync("POST", "/api/v1/auth/login", new { username = email, password = ApiClient.Password });
        Assert.Equal(200, login.Status);
        return login.Member("refresh_token");
    }

    /// <summary>A server that takes two sign-ups and four refresh tokens a minute from one address.</summary>
    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
            ("Auth__Limits__RegistrationsPerNetworkPerMinute", "2"), ("Auth__Limits__RefreshesPerNetworkPerMinute", "4"));
    }
}
