namespace Countersign.Server.Tests.Http;

/// <summary>The count of guesses can't be reached: no password is checked without it, and whoever is logged in notices nothing.</summary>
public sealed class LimiterFailureTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Login_CountOfGuessesUnreachable_IsClosedAndSessionsGoOn()
    {
        using var client = await server.LoggedInAsync();
        await Sqlite.ExecuteAsync(server.Database, "ALTER TABLE countersign_sign_in_attempts RENAME TO gone");

        var login = await client.TryLogInAsync();
        login.AssertRefused(503, "temporarily_unavailable");
        Assert.NotNull(login.RetryAfter);
        (await client.TryLogInAsync("not the password")).AssertRefused(503, "temporarily_unavailable");
        var change = new { current_password = ApiClient.Password, new_password = "another umbrella orbit" };
        (await client.PostAsync("/auth/change-password", change, client.AccessToken))
            .AssertRefused(503, "temporarily_unavailable");

        Assert.Equal(200, (await client.MeAsync()).Status);
        Assert.Equal(200, (await client.RefreshAsync()).Status);

        await Sqlite.ExecuteAsync(server.Database, "ALTER TABLE gone RENAME TO countersign_sign_in_attempts");
        await client.LogInAsync();
    }
}
