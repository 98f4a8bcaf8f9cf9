namespace Countersign.Server.Tests.Hosting;

/// <summary>A server that was told of no origins and no proxies.</summary>
public sealed class PlainServerTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("OPTIONS", "/api/v1/auth/login", 405)]
    [InlineData("POST", "/api/v1/auth/login", 400)]
    [InlineData("GET", "/api/v1/users/me", 401)]
    public async Task ApiRoute_AnyOrigin_HasNoCors(string method, string path, int status)
    {
        using var client = new EdgeClient(server.Address);

        var answer = await client.SendAsync(
            method, path, method == "POST" ? new { } : null, ("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "POST"));

        Assert.Equal(status, answer.Status);
        Assert.DoesNotContain(answer.Headers.Keys, header => header.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task ForwardedHeaders_ChangeNothing()
    {
        using var client = new EdgeClient(server.Address);
        (string, string)[] forwarded = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("Forwarded", "for=203.0.113.9;proto=https")];

        var (access, address) = await EdgeSession.StartAsync(client, forwarded);

        Assert.Equal("127.0.0.1", address);
        Assert.Equal(200, (await client.SendAsync("GET", "/api/v1/users/me", null, [.. forwarded, ("Authorization", $"Bearer {access}")])).Status);
    }

    [Fact]
    public async Task Hsts_NotConfigured_IsNotSent()
    {
        using var client = new EdgeClient(server.Address);

        Assert.Null((await client.SendAsync("GET", "/health/live", null, ("X-Forwarded-Proto", "https")))["Strict-Transport-Security"]);
    }

    [Fact]
    public async Task SlowBody_IsAnsweredAndNotWaitedForLong()
    {
        // Kestrel waits five seconds before it counts a body's bytes by the second; the rest of this one never comes.
        var answer = await RawRequest.SendAsync(
            server.Address,
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"username\"");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"body_incomplete\"", answer, StringComparison.Ordinal);
        Assert.Contains("X-Content-Type-Options: nosniff", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(70_000, "HTTP/1.1 413")]
    [InlineData(1_000_000_000, "HTTP/1.1 413")]
    public async Task LargeBody_IsRefusedByItsDeclaredLength(int length, string status)
    {
        var answer = await RawRequest.SendAsync(
            server.Address,
            $"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"body_too_large\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17 * 1024, 1, "HTTP/1.1 431")]
    [InlineData(10, 65, "HTTP/1.1 431")]
    [InlineData(10, 60, "HTTP/1.1 200")]
    public async Task Headers_BeyondTheLimits_AreRefused(int length, int count, string status)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(index => $"X-{index}: {new string('x', length)}\r\n"));

        var answer = await RawRequest.SendAsync(server.Address, $"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestLine_TooLong_IsRefused()
    {
        var answer = await RawRequest.SendAsync(server.Address, $"GET /{new string('x', 9000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414", answer, StringComparison.Ordinal);
    }
}

/// <summary>A session that begins with headers of the test's choice.</summary>
internal static class EdgeSession
{
    /// <summary>Signs up and logs in.</summary>
    /// <returns>The access token, and the address that the session list shows.</returns>
    public static async Task<(string AccessToken, string? Address)> StartAsync(EdgeClient client, params (string, string)[] headers)
    {
        var email = $"u{Guid.CreateVersion7():N}@example.com";
        Assert.Equal(201, (await client.SendAsync("POST", "/api/v1/auth/register", new { email, password = ApiClient.Password }, headers)).Status);
        var login = await client.SendAsync("POST", "/api/v1/auth/login", new { username = email, password = ApiClient.Password }, headers);
        Assert.Equal(200, login.Status);
        var access = login.Member("access_token");
        var sessions = await client.SendAsync("GET", "/api/v1/auth/sessions", null, [.. headers, ("Authorization", $"Bearer {access}")]);
        return (access, sessions.Json.GetProperty("sessions")[0].GetProperty("ip_address").GetString());
    }
}
