namespace Countersign.Server.Tests.Hosting;

/// <summary>What holds for every route that the server has, and for what is no route.</summary>
public sealed class EveryRouteTests(EveryRouteTests.Server server) : IClassFixture<EveryRouteTests.Server>
{
    private const string Origin = "https://app.example.com";
    private const string Forged = "forged.example";

    private static readonly IReadOnlyList<(string Method, string Path)> Routes = RouteTable.Read();

    private static readonly (string Method, string Path)[] NoRoutes =
    [
        ("GET", "/nothing"), ("GET", "/api/v1/nothing"), ("GET", "/api/v1/auth/login"), ("PUT", "/api/v1/users/me"), ("POST", "/.well-known/jwks.json"),
        ("TRACE", "/"),
        ("OPTIONS", "/api/v1/auth/login"), ("GET", "/.well-known/nothing"), ("POST", "/health/live"), ("GET", "/api/v1/../../etc/passwd"),

        // The documentation page is files, which no route table has.
        ("GET", "/docs"), ("GET", "/docs/"), ("GET", "/docs/index.html"), ("GET", "/docs/start.js"), ("GET", "/docs/swagger-ui.css"),
        ("GET", "/docs/swagger-ui-bundle.js"),
        ("GET", "/docs/nothing"), ("POST", "/docs"), ("POST", "/docs/index.html"), ("GET", "/docs/../etc/passwd"), ("GET", "/docs//evil.example"),
    ];

    [Fact]
    public async Task Answer_OfEveryRoute_HasTheSecurityHeaders()
    {
        using var client = new EdgeClient(server.Address);
        Assert.True(Routes.Count >= 17, "The route table was not read.");

        foreach (var (method, path) in Routes.Concat(NoRoutes))
        {
            var answer = await client.SendAsync(method, path, headers: ("Origin", Origin));

            var where = $"{method} {path}: {answer.Status}\n{answer.Whole}";
            Assert.True(answer.Status < 500, where);
            Assert.True(answer["X-Content-Type-Options"] == "nosniff", where);
            Assert.True(answer.Headers.ContainsKey("Referrer-Policy"), where);
            Assert.True(answer["Content-Security-Policy"]?.Contains("frame-ancestors 'none'", StringComparison.Ordinal), where);
            Assert.False(answer.Headers.ContainsKey("Server"), where);
            if (answer.Status >= 400 || IsApi(path))
            {
                Assert.True(answer["Cache-Control"] == "no-store", where);
                Assert.True(answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'", where);
                Assert.True(answer["Referrer-Policy"] == "no-referrer", where);
            }
        }
    }

    [Fact]
    public async Task Answer_OfEveryApiRoute_IsReadableForTheAllowedOriginAndNoOther()
    {
        using var client = new EdgeClient(server.Address);

        foreach (var (method, path) in Routes.Concat(NoRoutes).Where(route => IsApi(route.Path)))
        {
            var allowed = await client.SendAsync(method, path, headers: ("Origin", Origin));
            var other = await client.SendAsync(method, path, headers: ("Origin", "https://other.example.com"));

            var where = $"{method} {path}: {allowed.Status}\n{allowed.Whole}";
            Assert.True(allowed["Access-Control-Allow-Origin"] == Origin, where);
            Assert.True(allowed["Access-Control-Expose-Headers"] == "Retry-After,WWW-Authenticate", where);
            Assert.True(allowed["Vary"] == "Origin", where);
            Assert.False(allowed.Headers.ContainsKey("Access-Control-Allow-Credentials"), where);
            Assert.DoesNotContain(other.Headers.Keys, header => header.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("Origin", other["Vary"]);
        }
    }

    [Fact]
    public async Task Answer_ToForgedHosts_NeverRepeatsThem()
    {
        // A trusted proxy's request: even its word on the host counts for nothing.
        using var client = new EdgeClient(server.Address);
        (string, string)[] forged =
        [
            ("Host", Forged), ("X-Forwarded-Host", Forged), ("X-Forwarded-Server", Forged), ("X-Host", Forged), ("X-Original-Host", Forged),
            ("X-Original-URL", $"https://{Forged}/"),
            ("X-Forwarded-Prefix", $"/{Forged}"), ("Forwarded", $"for=203.0.113.9;host={Forged};proto=https"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Port", "666"),
        ];
        var email = $"u{Guid.CreateVersion7():N}@example.com";
        var tokens = await LogInAsync(client, email, forged);

        (string, string)[] withBearer = [.. forged, ("Authorization", $"Bearer {tokens}")];
        foreach (var (method, path) in Routes.Concat(NoRoutes))
        {
            AssertClean(await client.SendAsync(method, path, headers: forged), $"{method} {path}");
            if (method == "GET")
            {
                AssertClean(await client.SendAsync(method, path, headers: withBearer), $"{method} {path} with a bearer");
            }
        }

        var metadata = await client.SendAsync("GET", "/.well-known/openid-configuration", headers: forged);
        Assert.Equal("https://auth.example.com", metadata.Member("issuer"));
        Assert.Equal("https://auth.example.com/.well-known/jwks.json", metadata.Member("jwks_uri"));
    }

    [Fact]
    public async Task ApiRoute_PlainHttpFromElsewhere_IsRefusedOnEveryOne()
    {
        using var client = new EdgeClient(server.Address);
        var access = await LogInAsync(client, $"u{Guid.CreateVersion7():N}@example.com", []);
        var api = Routes.Where(route => IsApi(route.Path)).ToList();
        Assert.True(api.Count >= 12, "The route table was not read.");

        foreach (var (method, path) in api)
        {
            var refused = await client.SendAsync(method, path, null, ("X-Forwarded-For", "203.0.113.9"), ("Authorization", $"Bearer {access}"));
            Assert.True(refused.Code == "https_required", $"{method} {path}: {refused.Status} {refused.Text}");

            var plain = await client.SendAsync(
                method, path, null, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "http"), ("Authorization", $"Bearer {access}"));
            Assert.True(plain.Code == "https_required", $"{method} {path}: {plain.Status} {plain.Text}");
        }

        var forwarded = await client.SendAsync(
            "GET",
            "/api/v1/users/me",
            null,
            ("X-Forwarded-For", "203.0.113.9"),
            ("X-Forwarded-Proto", "https"),
            ("Authorization", $"Bearer {access}"));
        Assert.Equal(200, forwarded.Status);
    }

    /// <summary>Signs up and logs in, and looks at each answer on the way.</summary>
    private static async Task<string> LogInAsync(EdgeClient client, string email, (string, string)[] headers)
    {
        var registered = await client.SendAsync("POST", "/api/v1/auth/register", new { email, password = ApiClient.Password }, headers);
        Assert.Equal(201, registered.Status);
        AssertClean(registered, "register");
        var login = await client.SendAsync("POST", "/api/v1/auth/login", new { username = email, password = ApiClient.Password }, headers);
        Assert.Equal(200, login.Status);
        AssertClean(login, "login");
        var refreshed = await client.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.Member("refresh_token") }, headers);
        Assert.Equal(200, refreshed.Status);
        AssertClean(refreshed, "refresh");
        return refreshed.Member("access_token");
    }

    private static void AssertClean(EdgeAnswer answer, string where)
    {
        Assert.False(answer.Whole.Contains(Forged, StringComparison.OrdinalIgnoreCase), $"{where}\n{answer.Whole}");

        // The sign-up has none; what leads elsewhere on this server does so by a path alone.
        Assert.True(
            answer["Location"] is not { } location
                || (Uri.TryCreate(location, UriKind.Relative, out _) && !location.StartsWith("//", StringComparison.Ordinal)),
            $"{where}\n{answer.Whole}");
    }

    private static bool IsApi(string path) => path.StartsWith(RouteTable.Prefix, StringComparison.Ordinal) && !path.Contains("..", StringComparison.Ordinal);

    /// <summary>A server behind a proxy on this machine, with an issuer and a page elsewhere.</summary>
    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
            ("Auth__Issuer", "https://auth.example.com"), ("Auth__AllowedOrigins__0", Origin), ("Auth__TrustedProxies__0", "127.0.0.1"),
            ("Auth__Hsts", "365.00:00:00"));
    }
}
