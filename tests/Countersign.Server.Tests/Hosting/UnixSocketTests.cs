namespace Countersign.Server.Tests.Hosting;

/// <summary>A server on a socket in the file system: whoever connects has no address.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Start_NoProxyNamed_EndsAndNamesTheSetting()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync());

        Assert.Contains("Auth:TrustedProxies is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_NetworkUnknown_AreShared()
    {
        await using var server = await StartAsync(("Auth__TrustedProxies__0", "127.0.0.1"));
        using var client = EdgeClient.OfSocket(_directory.File("http.sock"));
        using var other = EdgeClient.OfSocket(_directory.File("http.sock"));

        Assert.Equal([400, 429, 429], await RefreshAsync(client, ("X-Forwarded-Proto", "https")));
        Assert.Equal([429, 429, 429], await RefreshAsync(other, ("X-Forwarded-Proto", "https")));
    }

    [Fact]
    public async Task Limits_ProxyOnTheSocketIsTrusted_CountItsClients()
    {
        await using var server = await StartAsync(("Auth__TrustedProxies__0", "127.0.0.1"));
        using var client = EdgeClient.OfSocket(_directory.File("http.sock"));

        Assert.Equal([400, 429, 429], await RefreshAsync(client, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")));
        Assert.Equal([400, 429, 429], await RefreshAsync(client, ("X-Forwarded-For", "203.0.113.10"), ("X-Forwarded-Proto", "https")));
    }

    private static async Task<List<int>> RefreshAsync(EdgeClient client, params (string, string)[] headers)
    {
        List<int> statuses = [];
        for (var request = 0; request < 3; request++)
        {
            statuses.Add((await client.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = "x" }, headers)).Status);
        }

        return statuses;
    }

    private Task<ServerProcess> StartAsync(params (string Name, string Value)[] more)
    {
        var environment = more.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        environment["Kestrel__Endpoints__Socket__Url"] = $"http://unix:{_directory.File("http.sock")}";
        environment["Auth__Issuer"] = "https://auth.example.com";
        environment["Auth__Limits__RefreshesPerNetworkPerMinute"] = "1";
        return ServerProcess.StartAsync(_directory.Path, environment);
    }
}
