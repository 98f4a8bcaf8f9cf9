using System.Text.Json;

namespace Countersign.Server.Tests.Http;

/// <summary>The rows of the original contract that show over HTTP, each by its number.</summary>
public sealed class SpecificationTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task S5_TheFiveNames_AreReadFromTheEnvironment()
    {
        using var directory = new TemporaryDirectory();
        await using var process = await ServerProcess.StartAsync(directory.Path, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SECRET_KEY"] = "9f2c5d1b7a6e4c3d8b0a1f2e3d4c5b6a79808182",
            ["ALGORITHM"] = "HS256",
            ["ACCESS_TOKEN_EXPIRE_MINUTES"] = "7",
            ["REFRESH_TOKEN_EXPIRE_DAYS"] = "3",
            ["API_V1_PREFIX"] = "/v9",
            ["Auth__Passwords__Cost"] = "10",
        });
        using var client = new ApiClient(process.Address, "/v9");
        await client.RegisterAsync();

        var login = await client.LogInAsync();

        Assert.Equal(7 * 60, login.Number("expires_in"));
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Segment(client.AccessToken, 0));
        using var refresh = JsonDocument.Parse(Segment(client.RefreshToken, 1));
        Assert.Equal(3 * 24 * 3600, refresh.RootElement.GetProperty("exp").GetInt64() - refresh.RootElement.GetProperty("iat").GetInt64());
        Assert.Equal(200, (await client.MeAsync()).Status);
        Assert.Equal(200, (await client.RefreshAsync()).Status);
        Assert.Equal("""{"keys":[]}""", (await client.GetAsync("/.well-known/jwks.json")).Raw);
    }

    [Fact]
    public async Task S6_PasswordForm_LogsInAtThePrefixesLoginRoute()
    {
        using var client = server.Client();
        await client.RegisterAsync();
        using var form = ApiClient.Raw(
            $"grant_type=password&username={Uri.EscapeDataString(client.Email)}&password={Uri.EscapeDataString(ApiClient.Password)}&scope=&client_id=",
            "application/x-www-form-urlencoded");

        var login = await client.SendAsync(HttpMethod.Post, "/auth/login", form);

        Assert.Equal(200, login.Status);
    }

    [Theory]
    [InlineData("no token", null)]
    [InlineData("nonsense", "nonsense")]
    [InlineData("refresh token", "refresh")]
    [InlineData("unknown user", "deleted")]
    public async Task S7_NoValidAccessToken_401WithDetailAndChallenge(string name, string? kind)
    {
        using var client = await server.LoggedInAsync();
        if (kind == "deleted")
        {
            var deletion = ApiClient.Json(new { current_password = ApiClient.Password });
            Assert.Equal(204, (await client.SendAsync(HttpMethod.Delete, "/users/me", deletion, client.AccessToken)).Status);
        }

        var token = kind switch { null => null, "refresh" => client.RefreshToken, "deleted" => client.AccessToken, _ => kind };

        var answer = await client.GetAsync("/users/me", token);

        Assert.True(answer.Status == 401, name);
        Assert.Equal("Could not validate credentials", answer.Text("detail"));
        Assert.StartsWith("Bearer", answer.Challenge, StringComparison.Ordinal);
        Assert.Equal(kind is null, answer.Challenge == "Bearer");
    }

    [Fact]
    public async Task S8_InactiveUser_400WithDetail()
    {
        using var client = await server.LoggedInAsync();

        await server.CommandAsync("users", "deactivate", client.Email);
        var answer = await UntilAsync(() => client.MeAsync(), static answer => answer.Status == 400);

        answer.AssertRefused(400, "account_inactive");
        Assert.Equal("Inactive user", answer.Text("detail"));
        (await client.RefreshAsync()).AssertRefused(400, "account_inactive");
        (await client.TryLogInAsync()).AssertRefused(400, "invalid_credentials");

        await server.CommandAsync("users", "activate", client.Email);
        await client.LogInAsync();
        Assert.Equal(200, (await client.MeAsync()).Status);
    }

    [Fact]
    public async Task S9_Token_HasTheNamesOfTheSchema()
    {
        using var client = server.Client();
        await client.RegisterAsync();

        var login = await client.LogInAsync();

        Assert.Equal(
            ["access_token", "refresh_token", "token_type", "expires_in", "refresh_generation"],
            login.Body.EnumerateObject().Select(static member => member.Name));
        Assert.Equal("bearer", login.Text("token_type"));
        Assert.InRange(login.Number("expires_in"), 27 * 60, 30 * 60);
        Assert.Equal("no-store", login.CacheControl);
        Assert.Equal("application/json", login.ContentType);
    }

    [Fact]
    public async Task S10_TokenRefresh_TakesRefreshToken()
    {
        using var client = await server.LoggedInAsync();

        var refreshed = await client.PostAsync("/auth/refresh", new { refresh_token = client.RefreshToken });

        Assert.Equal(200, refreshed.Status);
        Assert.Equal(2, refreshed.Number("refresh_generation"));
        Assert.Equal(200, (await client.MeAsync(refreshed.Text("access_token"))).Status);
    }

    [Fact]
    public async Task S11_CurrentUser_IsTheOneWhoLoggedIn()
    {
        using var ada = await server.LoggedInAsync();
        using var bob = await server.LoggedInAsync();

        Assert.Equal(ada.Email, (await ada.MeAsync()).Text("email"));
        Assert.Equal(bob.Email, (await bob.MeAsync()).Text("email"));
    }

    private static string Segment(string token, int index) =>
        System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromUtf8(System.Text.Encoding.ASCII.GetBytes(token.Split('.')[index])));

    /// <summary>A command of another process reaches the server with the next look at the feed, within a second.</summary>
    private static async Task<Answer> UntilAsync(Func<Task<Answer>> ask, Predicate<Answer> isThere)
    {
        var answer = await ask();
        await Patience.UntilAsync(async () => isThere(answer) || isThere(answer = await ask()));
        return answer;
    }
}
