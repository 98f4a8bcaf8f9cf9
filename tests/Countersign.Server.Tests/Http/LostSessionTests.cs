using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Countersign.Server.Tests.Http;

/// <summary>
/// Genuine access tokens whose session has no row any more, as after a database was taken back: whoever logs out with one is rid of it all the same.
/// </summary>
public sealed class LostSessionTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task O31_Logout_RowGone_TokenDies()
    {
        using var user = await WithoutRowAsync();

        Assert.Equal(204, (await user.PostAsync("/auth/logout", bearer: user.AccessToken)).Status);

        await AssertDeadAsync(user);
    }

    [Fact]
    public async Task O31_LogoutAll_RowGone_TokenDiesAndSoDoTheOtherSessions()
    {
        using var user = await WithoutRowAsync();
        var lost = user.AccessToken;
        await user.LogInAsync();

        Assert.Equal(204, (await user.PostAsync("/auth/logout-all", bearer: lost)).Status);

        await AssertDeadAsync(user, lost);
        (await user.MeAsync()).AssertRefused(401, "session_revoked");
        (await user.RefreshAsync()).AssertRefused(400, "session_revoked");
    }

    [Fact]
    public async Task EndSession_OwnRowGone_TokenDies()
    {
        using var user = await WithoutRowAsync();

        Assert.Equal(204, (await user.SendAsync(HttpMethod.Delete, $"/auth/sessions/{SessionOf(user.AccessToken)}", bearer: user.AccessToken)).Status);

        await AssertDeadAsync(user);
    }

    [Fact]
    public async Task O33_EndSession_AnotherAccountsRowGone_404AndNoEffect()
    {
        using var user = await server.LoggedInAsync();
        using var victim = await WithoutRowAsync();

        (await user.SendAsync(HttpMethod.Delete, $"/auth/sessions/{SessionOf(victim.AccessToken)}", bearer: user.AccessToken))
            .AssertRefused(404, "session_not_found");

        Assert.Equal(200, (await victim.MeAsync()).Status);
    }

    private async Task<ApiClient> WithoutRowAsync()
    {
        var user = await server.LoggedInAsync();
        Assert.Equal(1, await Sqlite.ExecuteAsync(server.Database, $"DELETE FROM countersign_sessions WHERE user_id = '{(await user.MeAsync()).Text("id")}'"));
        Assert.Equal(200, (await user.MeAsync()).Status);
        return user;
    }

    /// <summary>On this node at once; on every other by the feed's row.</summary>
    private async Task AssertDeadAsync(ApiClient user, string? token = null)
    {
        token ??= user.AccessToken;
        (await user.MeAsync(token)).AssertRefused(401, "session_revoked");
        Assert.Equal(
            1, await Sqlite.CountAsync(server.Database, $"SELECT count(*) FROM countersign_revocations WHERE upper(session_id) = upper('{SessionOf(token)}')"));
    }

    private static string SessionOf(string accessToken) =>
        JsonElement.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(accessToken.Split('.')[1]))).GetProperty("sid").GetString()!;
}
