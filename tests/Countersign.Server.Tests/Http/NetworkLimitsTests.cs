using Countersign.Server.Tests.Hosting;

namespace Countersign.Server.Tests.Http;

/// <summary>Few sign-ups and refreshes a minute. Each test has addresses of its own, so that none waits for another's minute.</summary>
public sealed class NetworkLimitsTests(NetworkLimitsTests.Server server) : IClassFixture<NetworkLimitsTests.Server>
{
    private const string ThirdSecret = "Qk7rWn2xTb9vLc4zHf6mYs1dGp8uJe3aRo5iXt0wKqE";

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
    public async Task Revoke_PublicClientBeyondTheLimit_RefusedAndTheSessionUnharmed()
    {
        using var owner = new EdgeClient(server.Address, "127.0.1.6");
        var refreshToken = await LogInAsync(owner);

        // The public client has no secret: anybody may have its tokens verified, as at a logout.
        using var elsewhere = new EdgeClient(server.Address, "127.0.1.7");
        for (var request = 0; request < 4; request++)
        {
            Assert.Equal(200, (await RevokeAsync(elsewhere, "x.y.z")).Status);
        }

        AssertLimited(await RevokeAsync(elsewhere, refreshToken));
        AssertLimited(await RefreshAsync(elsewhere, refreshToken));

        var refreshed = await RefreshAsync(owner, refreshToken);
        Assert.Equal(200, refreshed.Status);
        Assert.Equal(200, (await RevokeAsync(owner, refreshToken)).Status);
        Assert.Equal("session_revoked", (await RefreshAsync(owner, refreshToken)).Code);
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

    [Fact]
    public async Task Account_SessionBeyondTheLimit_RefusedAndOtherSessionsGoOn()
    {
        using var client = new EdgeClient(server.Address, "127.0.1.8");
        var email = $"u{Guid.CreateVersion7():N}@example.com";
        Assert.Equal(201, (await RegisterAsync(client, email)).Status);
        var first = await BearerAsync(client, email);
        var second = await BearerAsync(client, email);

        Assert.Equal(200, (await client.SendAsync("GET", "/api/v1/auth/sessions", null, first)).Status);
        Assert.Equal(200, (await client.SendAsync("PATCH", "/api/v1/users/me", new { display_name = "Ada" }, first)).Status);
        Assert.Equal(404, (await client.SendAsync("DELETE", $"/api/v1/auth/sessions/{Guid.CreateVersion7()}", null, first)).Status);
        var refused = await client.SendAsync("DELETE", "/api/v1/auth/sessions", null, first);
        Assert.Equal((429, "too_many_requests"), (refused.Status, refused.Code));
        Assert.NotNull(refused["Retry-After"]);
        Assert.Equal(429, (await client.SendAsync("PATCH", "/api/v1/users/me", new { display_name = "Eve" }, first)).Status);

        // The other session is there, and so is the name; what asks the database for nothing is not limited.
        Assert.Equal(2, (await client.SendAsync("GET", "/api/v1/auth/sessions", null, second)).Json.GetProperty("sessions").GetArrayLength());
        Assert.Equal("Ada", (await client.SendAsync("GET", "/api/v1/users/me", null, first)).Member("display_name"));
    }

    [Fact]
    public async Task Clients_WrongSecrets_LimitThatClientFromTheirNetworkAndNoOther()
    {
        using var thief = new EdgeClient(server.Address, "127.0.2.1");
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal("invalid_client", (await IntrospectAsync(thief, "api", $"wrong {guess}")).Code);
        }

        AssertTooMany(await IntrospectAsync(thief, "api", "wrong"));
        AssertTooMany(await IntrospectAsync(thief, "api", ClientServer.ApiSecret));

        // Invented ids have one count together.
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal("invalid_client", (await IntrospectAsync(thief, $"invented {guess}", "wrong")).Code);
        }

        AssertTooMany(await IntrospectAsync(thief, "invented otherwise", "wrong"));

        // Another client behind the same address is compared, and has three failures for itself.
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal(200, (await IntrospectAsync(thief, "elsewhere", ClientServer.ElsewhereSecret)).Status);
            Assert.Equal("invalid_client", (await IntrospectAsync(thief, "elsewhere", $"wrong {guess}")).Code);
        }

        AssertTooMany(await IntrospectAsync(thief, "elsewhere", ClientServer.ElsewhereSecret));

        // A request without a secret is no guess, and one with the right secret from elsewhere is compared.
        using var service = new EdgeClient(server.Address, "127.0.2.2");
        for (var request = 0; request < 20; request++)
        {
            Assert.Equal(200, (await IntrospectAsync(service, "api", ClientServer.ApiSecret)).Status);
        }
    }

    [Fact]
    public async Task Clients_WrongSecretsFromManyNetworks_LimitThoseNetworksForThatClient()
    {
        // Five wrong ones for one client use its count up, whatever networks they came from: a client of this test alone.
        for (var network = 0; network < 5; network++)
        {
            using var thief = new EdgeClient(server.Address, $"127.0.3.{network + 1}");
            Assert.Equal(401, (await IntrospectAsync(thief, "third", "wrong")).Status);
        }

        using var again = new EdgeClient(server.Address, "127.0.3.1");
        Assert.Equal(429, (await IntrospectAsync(again, "third", "wrong")).Status);
        Assert.Equal(200, (await IntrospectAsync(again, "api", ClientServer.ApiSecret)).Status);
        using var service = new EdgeClient(server.Address, "127.0.3.99");
        Assert.Equal(200, (await IntrospectAsync(service, "third", ThirdSecret)).Status);
    }

    private static async Task<EdgeAnswer> IntrospectAsync(EdgeClient client, string id, string secret)
    {
        using var form = new FormUrlEncodedContent([new("client_id", id), new("client_secret", secret), new("token", "x.y.z")]);
        return await client.SendContentAsync("POST", "/api/v1/auth/introspect", form);
    }

    private static async Task<(string, string)> BearerAsync(EdgeClient client, string email)
    {
        var login = await client.SendAsync("POST", "/api/v1/auth/login", new { username = email, password = ApiClient.Password });
        return ("Authorization", $"Bearer {login.Member("access_token")}");
    }

    private static void AssertTooMany(EdgeAnswer answer)
    {
        Assert.Equal((429, "too_many_attempts"), (answer.Status, answer.Code));
        Assert.InRange(int.Parse(answer["Retry-After"]!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
    }

    private static void AssertLimited(EdgeAnswer answer)
    {
        Assert.Equal((429, "too_many_requests"), (answer.Status, answer.Code));
        Assert.Equal("temporarily_unavailable", answer.Member("error"));
        Assert.InRange(int.Parse(answer["Retry-After"]!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal("no-store", answer["Cache-Control"]);
    }

    private static Task<EdgeAnswer> RefreshAsync(EdgeClient client, string token) =>
        client.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = token });

    private static async Task<EdgeAnswer> RevokeAsync(EdgeClient client, string token)
    {
        using var form = new FormUrlEncodedContent([new("client_id", "countersign"), new("token", token)]);
        return await client.SendContentAsync("POST", "/api/v1/auth/revoke", form);
    }

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

    /// <summary>A server that takes two sign-ups, four refresh tokens and three wrong secrets a minute from one address.</summary>
    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
            ("Auth__Limits__RegistrationsPerNetworkPerMinute", "2"),
            ("Auth__Limits__RefreshesPerNetworkPerMinute", "4"),
            ("Auth__Limits__AccountRequestsPerSessionPerMinute", "3"),
            ("Auth__Limits__ClientFailuresPerNetworkPerMinute", "3"),
            ("Auth__Limits__ClientFailuresPerClientPerMinute", "5"),
            ("Auth__Audience", ClientServer.Audience),
            ("Auth__Clients__0__Id", "api"),
            ("Auth__Clients__0__SecretHash", ClientServer.Hash(ClientServer.ApiSecret)),
            ("Auth__Clients__0__Audiences__0", ClientServer.Audience),
            ("Auth__Clients__1__Id", "elsewhere"),
            ("Auth__Clients__1__SecretHash", ClientServer.Hash(ClientServer.ElsewhereSecret)),
            ("Auth__Clients__1__Audiences__0", ClientServer.Audience),
            ("Auth__Clients__2__Id", "third"),
            ("Auth__Clients__2__SecretHash", ClientServer.Hash(ThirdSecret)),
            ("Auth__Clients__2__Audiences__0", ClientServer.Audience));
    }
}
