namespace Countersign.Server.Tests.Hosting;

/// <summary>A server that trusts 127.0.0.2 and the network 10.0.0.0/8, and nobody else: not even 127.0.0.1.</summary>
public sealed class TrustedProxyTests(TrustedProxyTests.Server server) : IClassFixture<TrustedProxyTests.Server>
{
    private const string Proxy = "127.0.0.2";

    /// <summary>Who connects, what the header says, and where the session is shown to come from.</summary>
    public static TheoryData<string, string, string> Chains => new()
    {
        { Proxy, "203.0.113.9", "203.0.113.9" },
        { Proxy, "2001:db8::9", "2001:db8::9" },
        { Proxy, "::ffff:203.0.113.9", "203.0.113.9" },

        // What stands before the client's own address is what the client wrote.
        { Proxy, "198.51.100.1, 203.0.113.9", "203.0.113.9" },
        { Proxy, "127.0.0.1, 203.0.113.9", "203.0.113.9" },

        // A chain of trusted proxies, walked to its end.
        { Proxy, "203.0.113.9, 10.0.0.1", "203.0.113.9" },
        { Proxy, "198.51.100.1, 203.0.113.9, 10.0.0.3, 10.0.0.2, ::ffff:10.0.0.1", "203.0.113.9" },

        // What is no address ends it.
        { Proxy, "nonsense", Proxy },
        { Proxy, "203.0.113.9, nonsense", Proxy },

        // Not a proxy of ours.
        { "127.0.0.1", "203.0.113.9", "127.0.0.1" },
        { "127.0.0.3", "203.0.113.9", "127.0.0.3" },
        { "127.0.0.3", "203.0.113.9, 10.0.0.1", "127.0.0.3" },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public async Task Session_ForwardedFor_IsFromTheLastAddressThatNoProxyOfOursHas(string peer, string forwarded, string expected)
    {
        using var client = new EdgeClient(server.Address, peer);

        var (_, address) = await EdgeSession.StartAsync(client, ("X-Forwarded-For", forwarded), ("X-Forwarded-Proto", "https"));

        Assert.Equal(expected, address);
    }

    [Theory]
    [InlineData("203.0.113.9", "https", 401)]
    [InlineData("203.0.113.9", "http", 400)]
    [InlineData("203.0.113.9", null, 400)]
    [InlineData("203.0.113.9", "https, http", 400)]
    [InlineData("203.0.113.9", "http, https", 401)]
    [InlineData("10.0.0.1", "http", 400)]
    [InlineData(null, "https", 401)]
    public async Task HttpsRule_IsByWhatTheProxySays(string? forwardedFor, string? proto, int status)
    {
        using var client = new EdgeClient(server.Address, Proxy);
        List<(string, string)> headers = [];
        headers.AddRange(forwardedFor is null ? [] : [("X-Forwarded-For", forwardedFor)]);
        headers.AddRange(proto is null ? [] : [("X-Forwarded-Proto", proto)]);

        // A logout without a credential: whatever passes the rule is a 401.
        var answer = await client.SendAsync("POST", "/api/v1/auth/logout", null, [.. headers]);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 400 ? "https_required" : "credential_missing", answer.Code);
    }

    /// <summary>The page has a form that takes passwords, so it goes out where the routes do that take them.</summary>
    [Theory]
    [InlineData("https", 200, null)]
    [InlineData("http", 400, "https_required")]
    [InlineData(null, 400, "https_required")]
    public async Task HttpsRule_HoldsForTheDocumentationPage(string? proto, int status, string? code)
    {
        using var client = new EdgeClient(server.Address, Proxy);
        (string, string)[] headers = proto is null ? [("X-Forwarded-For", "203.0.113.9")] : [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", proto)];

        foreach (var path in new[] { "/docs/index.html", "/docs/start.js" })
        {
            var answer = await client.SendAsync("GET", path, null, headers);

            Assert.Equal(status, answer.Status);
            Assert.Equal(code, code is null ? null : answer.Code);
        }
    }

    [Fact]
    public async Task Limits_CountByTheForwardedClient()
    {
        using var proxy = new EdgeClient(server.Address, Proxy);
        var forged = 0;

        Assert.Equal([400, 400, 400, 429], await RefreshAsync(proxy, () => "192.0.2.1"));

        // Another client of the same proxy has its own minute, and one /64 has one.
        Assert.Equal([400, 400, 400, 429], await RefreshAsync(proxy, () => "192.0.2.2"));
        Assert.Equal([400, 400, 400, 429], await RefreshAsync(proxy, () => $"2001:db8:1:2::{++forged}"));

        // The client's own words before its address do not make it another one.
        Assert.Equal([400, 400, 400, 429], await RefreshAsync(proxy, () => $"198.51.100.{++forged}, 192.0.2.3"));

        // And who is no proxy counts as itself, whatever it says.
        using var direct = new EdgeClient(server.Address, "127.0.0.7");
        Assert.Equal([400, 400, 400, 429], await RefreshAsync(direct, () => $"198.51.100.{++forged}"));
    }

    [Theory]
    [InlineData("https", "max-age=31536000")]
    [InlineData("http", null)]
    [InlineData(null, null)]
    public async Task Hsts_IsSentOverHttpsAlone(string? proto, string? expected)
    {
        using var client = new EdgeClient(server.Address, Proxy);

        var answer = await client.SendAsync(
            "GET", "/nothing", null, [("X-Forwarded-For", "203.0.113.9"), .. proto is null ? [] : new[] { ("X-Forwarded-Proto", proto) }]);

        Assert.Equal(expected, answer["Strict-Transport-Security"]);
    }

    private static async Task<List<int>> RefreshAsync(EdgeClient client, Func<string> forwardedFor)
    {
        List<int> statuses = [];
        for (var request = 0; request < 4; request++)
        {
            var answer = await client.SendAsync(
                "POST", "/api/v1/auth/refresh", new { refresh_token = "x" }, ("X-Forwarded-For", forwardedFor()), ("X-Forwarded-Proto", "https"));
            statuses.Add(answer.Status);
        }

        return statuses;
    }

    /// <summary>A server behind proxies, with few refreshes a minute.</summary>
    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
            ("Auth__TrustedProxies__0", Proxy), ("Auth__TrustedProxies__1", "10.0.0.0/8"), ("Auth__Limits__RefreshesPerNetworkPerMinute", "3"),
            ("Auth__Hsts", "365.00:00:00"));
    }
}
