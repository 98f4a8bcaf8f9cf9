namespace Countersign.Server.Tests.Http;

/// <summary>A store that fails: nobody is told that a token is dead which is not (CVE-2020-15223).</summary>
public sealed class RevocationOutageTests(OutageServer server) : IClassFixture<OutageServer>
{
    [Fact]
    public async Task O16_StorageFails_503AndThenTheTokenCanStillBeRevoked()
    {
        using var user = await server.LoggedInAsync();
        await Sqlite.ExecuteAsync(server.Database, "ALTER TABLE countersign_sessions RENAME TO away");
        try
        {
            Answer[] answers =
            [
                await server.RevokeAsync(user.AccessToken, authorization: ClientServer.Api),
                await server.RevokeAsync(user.RefreshToken, authorization: ClientServer.Api),
                await server.RevokeAsync(user.AccessToken, "&client_id=countersign"),
                await server.RevokeAsync(user.RefreshToken, "&client_id=countersign"),
                await server.IntrospectAsync(user.RefreshToken, "&token_type_hint=refresh_token"),
            ];
            foreach (var answer in answers)
            {
                answer.AssertRefused(503, "temporarily_unavailable", "application/json");
                Assert.NotNull(answer.RetryAfter);
            }

            // What needs no row goes on: bearer requests, and what is said of their tokens.
            Assert.True((await server.IntrospectAsync(user.AccessToken)).Body.GetProperty("active").GetBoolean());
            Assert.Equal(200, (await server.RevokeAsync("nonsense", authorization: ClientServer.Api)).Status);
        }
        finally
        {
            await Sqlite.ExecuteAsync(server.Database, "ALTER TABLE away RENAME TO countersign_sessions");
        }

        Assert.Equal(200, (await user.MeAsync()).Status);
        Assert.Equal(200, (await server.RevokeAsync(user.RefreshToken, "&client_id=countersign")).Status);
        (await user.MeAsync()).AssertRefused(401, "session_revoked");
    }
}

/// <summary>A server whose sessions are taken away under it.</summary>
public sealed class OutageServer : ClientServer
{
    protected override bool IsExpectedFailure(string line) => line.Contains("no such table: countersign_sessions", StringComparison.Ordinal);
}
