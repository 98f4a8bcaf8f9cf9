namespace Countersign.Server.Tests.Hosting;

public sealed class CorsSetupTests(CorsSetupTests.Server server) : IClassFixture<CorsSetupTests.Server>
{
    private const string Origin = "https://app.example.com";
    private const string Other = "http://localhost:5173";

    [Theory]
    [InlineData("POST", "/api/v1/auth/login", "content-type")]
    [InlineData("POST", "/api/v1/auth/refresh", "content-type")]
    [InlineData("GET", "/api/v1/users/me", "authorization")]
    [InlineData("PATCH", "/api/v1/users/me", "authorization,content-type")]
    [InlineData("DELETE", "/api/v1/auth/sessions/0193a1f0-0000-7000-8000-000000000000", "authorization")]
    public async Task Preflight_AllowedOrigin_SaysWhatMayBeSent(string method, string path, string headers)
    {
        using var client = new EdgeClient(server.Address);

        foreach (var origin in new[] { Origin, Other })
        {
            var answer = await client.SendAsync(
                "OPTIONS", path, null, ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));

            Assert.Equal(204, answer.Status);
            Assert.Equal(origin, answer["Access-Control-Allow-Origin"]);
            Assert.Equal("GET,POST,PATCH,DELETE", answer["Access-Control-Allow-Methods"]);
            Assert.Equal("Authorization,Content-Type", answer["Access-Control-Allow-Headers"]);
            Assert.Equal("600", answer["Access-Control-Max-Age"]);
            Assert.Equal("Origin", answer["Vary"]);
            Assert.Null(answer["Access-Control-Allow-Credentials"]);
        }
    }

    [Theory]
    [InlineData("https://other.example.com")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:8443")]
    [InlineData("https://app.example.com.other.example")]
    [InlineData("https://notapp.example.com")]
    [InlineData("http://localhost:5174")]
    [InlineData("null")]
    [InlineData("*")]
    public async Task Preflight_AnotherOrigin_GetsNothing(string origin)
    {
        using var client = new EdgeClient(server.Address);

        var answer = await client.SendAsync("OPTIONS", "/api/v1/auth/login", null, ("Origin", origin), ("Access-Control-Request-Method", "POST"));

        Assert.DoesNotContain(answer.Headers.Keys, IsCors);
        Assert.Equal("Origin", answer["Vary"]);
    }

    [Fact]
    public async Task Answer_WithoutAnOrigin_VariesAllTheSame()
    {
        using var client = new EdgeClient(server.Address);

        var answer = await client.SendAsync("POST", "/api/v1/auth/login", new { username = "nobody", password = "nothing" });

        Assert.Equal("invalid_credentials", answer.Code);
        Assert.Equal("Origin", answer["Vary"]);
        Assert.DoesNotContain(answer.Headers.Keys, IsCors);
    }

    [Fact]
    public async Task Refusals_OfEveryKind_AreReadableForTheOrigin()
    {
        using var client = new EdgeClient(server.Address);
        using var limited = new EdgeClient(server.Address, from: "127.0.0.9");
        (string, string)[] origin = [("Origin", Origin)];

        List<EdgeAnswer> answers =
        [
            await client.SendAsync("POST", "/api/v1/auth/login", new { username = "nobody", password = "nothing" }, origin),
            await client.SendAsync("GET", "/api/v1/users/me", null, origin),
            await client.SendAsync("GET", "/api/v1/users/me", null, [.. origin, ("Authorization", "Bearer x.y.z")]),
            await client.SendAsync("POST", "/api/v1/auth/login", new { username = "nobody", password = new string('x', 100_000) }, origin),
            await client.SendAsync("GET", "/api/v1/nothing", null, origin),
        ];
        EdgeAnswer last;
        do
        {
            last = await limited.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = "x" }, origin);
        }
        while (last.Status == 400);

        answers.Add(last);
        Assert.Equal([400, 401, 401, 413, 404, 429], answers.Select(answer => answer.Status));
        Assert.All(answers, answer => Assert.Equal(Origin, answer["Access-Control-Allow-Origin"]));
        Assert.Contains("Retry-After", last["Access-Control-Expose-Headers"], StringComparison.Ordinal);
        Assert.NotNull(last["Retry-After"]);
    }

    [Theory]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task PublicDocument_AnyOrigin_MayReadItAndNothingElse(string path)
    {
        using var client = new EdgeClient(server.Address);

        foreach (var origin in new[] { Origin, "https://anybody.example", "null" })
        {
            var read = await client.SendAsync("GET", path, null, ("Origin", origin));
            var preflight = await client.SendAsync(
                "OPTIONS", path, null, ("Origin", origin), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "cache-control"));

            Assert.Equal(200, read.Status);
            Assert.Equal("*", read["Access-Control-Allow-Origin"]);
            Assert.Null(read["Access-Control-Allow-Credentials"]);
            Assert.Null(read["Vary"]);
            Assert.Equal(204, preflight.Status);
            Assert.Equal("*", preflight["Access-Control-Allow-Origin"]);
            Assert.Equal("GET", preflight["Access-Control-Allow-Methods"]);
            Assert.Equal("cache-control", preflight["Access-Control-Allow-Headers"]);
        }

        Assert.Equal("*", (await client.SendAsync("GET", path))["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task Health_AllowedOrigin_HasNoCors()
    {
        using var client = new EdgeClient(server.Address);

        Assert.DoesNotContain((await client.SendAsync("GET", "/health/live", null, ("Origin", Origin))).Headers.Keys, IsCors);
    }

    private static bool IsCors(string header) => header.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase);

    /// <summary>A server that pages of two origins may call.</summary>
    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
            ("Auth__AllowedOrigins__0", Origin), ("Auth__AllowedOrigins__1", Other), ("Auth__Limits__RefreshesPerNetworkPerMinute", "2"));
    }
}
