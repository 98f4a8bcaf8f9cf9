namespace Countersign.Server.Tests.Http;

/// <summary>Rotation over real time, with a grace of a second instead of thirty.</summary>
public sealed class ShortGraceTests(ShortGraceServer server) : IClassFixture<ShortGraceServer>
{
    [Fact]
    public async Task Refresh_DisplacedTokenAfterTheGrace_ReusedAndTheSessionDead()
    {
        using var client = await server.LoggedInAsync();
        var displaced = client.RefreshToken;
        client.Keep(await client.RefreshAsync());
        await Task.Delay(TimeSpan.FromSeconds(2.2));
        client.Keep(await client.RefreshAsync());
        Assert.Equal(200, (await client.MeAsync()).Status);
        await Task.Delay(TimeSpan.FromSeconds(1.2));

        var reused = await client.RefreshAsync(displaced);

        reused.AssertRefused(400, "refresh_token_reused");
        Assert.Equal("invalid_grant", reused.Text("error"));
        (await client.RefreshAsync()).AssertRefused(400, "session_revoked");
        (await client.MeAsync()).AssertRefused(401, "session_revoked");
        Assert.Equal(
            1,
            await Sqlite.CountAsync(
                server.Database,
                "SELECT count(*) FROM countersign_security_events WHERE kind = 'refresh_token_reused' AND ip_address = '127.0.0.1'"));
    }
}

/// <summary>A server with a short grace.</summary>
public sealed class ShortGraceServer : RunningServer
{
    protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(("Auth__Refresh__Grace", "00:00:01"));
}
