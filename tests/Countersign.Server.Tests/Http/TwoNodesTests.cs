namespace Countersign.Server.Tests.Http;

/// <summary>What is ended at one node is over at the other, each with its right answer.</summary>
public abstract class TwoNodesTests(TwoNodes nodes)
{
    [Fact]
    public async Task Tokens_OfOneNode_AreGoodAtTheOther()
    {
        using var user = await LoggedInAsync();
        using var other = nodes.OtherClient();

        Assert.Equal(200, (await other.MeAsync(user.AccessToken)).Status);
        var refreshed = await other.RefreshAsync(user.RefreshToken);
        Assert.Equal(200, refreshed.Status);
        Assert.Equal(200, (await user.MeAsync(refreshed.Text("access_token"))).Status);
    }

    [Fact]
    public async Task Logout_AtOneNode_OverAtTheOther()
    {
        using var user = await LoggedInAsync();
        var elsewhere = user.AccessToken;
        await user.LogInAsync();

        Assert.Equal(204, (await user.PostAsync("/auth/logout", bearer: user.AccessToken)).Status);

        await AssertRefusedAsync(user, 401, "session_revoked");
        using var other = nodes.OtherClient();
        Assert.Equal(200, (await other.MeAsync(elsewhere)).Status);
    }

    [Fact]
    public async Task LogoutAll_AtOneNode_EverySessionOverAtTheOther()
    {
        using var user = await LoggedInAsync();
        var elsewhere = user.AccessToken;
        await user.LogInAsync();

        Assert.Equal(204, (await user.PostAsync("/auth/logout-all", bearer: user.AccessToken)).Status);

        await AssertRefusedAsync(user, 401, "session_revoked");
        await AssertRefusedAsync(elsewhere, 401, "session_revoked");
    }

    [Fact]
    public async Task Deactivate_ByCommand_InactiveAtBothNodes()
    {
        using var user = await LoggedInAsync();

        await nodes.CommandAsync("users", "deactivate", user.Email);

        await AssertRefusedAsync(user, 400, "account_inactive");
        await UntilAsync(async () => (await user.MeAsync()).Status == 400);
        using var other = nodes.OtherClient();
        Assert.Equal("Inactive user", (await other.MeAsync(user.AccessToken)).Text("detail"));
    }

    [Fact]
    public async Task Delete_AtOneNode_OverAtTheOther()
    {
        using var user = await LoggedInAsync();

        Assert.Equal(204, (await user.SendAsync(HttpMethod.Delete, "/users/me", ApiClient.Json(new { current_password = user.OwnPassword }), user.AccessToken)).Status);

        await AssertRefusedAsync(user, 401, code: null);
    }

    [Fact]
    public async Task ChangePassword_AtOneNode_OldSessionsOverAndTheNewOneGoodAtTheOther()
    {
        using var user = await LoggedInAsync();
        var changed = await user.PostAsync("/auth/change-password", new { current_password = user.OwnPassword, new_password = $"other {user.OwnPassword}" }, user.AccessToken);
        Assert.Equal(200, changed.Status);

        await AssertRefusedAsync(user, 401, "session_revoked");
        using var other = nodes.OtherClient();
        Assert.Equal(200, (await other.MeAsync(changed.Text("access_token"))).Status);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 500 && !await condition(); i++)
        {
            await Task.Delay(20);
        }

        Assert.True(await condition(), "What was waited for did not come about.");
    }

    private Task AssertRefusedAsync(ApiClient user, int status, string? code) => AssertRefusedAsync(user.AccessToken, status, code);

    private async Task AssertRefusedAsync(string accessToken, int status, string? code)
    {
        using var other = nodes.OtherClient();
        await UntilAsync(async () => (await other.MeAsync(accessToken)).Status != 200);
        var refused = await other.MeAsync(accessToken);
        Assert.Equal(status, refused.Status);
        Assert.Equal(code ?? refused.Text("code"), refused.Text("code"));
    }

    private async Task<ApiClient> LoggedInAsync()
    {
        Assert.SkipUnless(nodes is not PostgreSqlTwoNodes || PostgreSqlCluster.IsAvailable, PostgreSqlCluster.UnavailableReason ?? string.Empty);
        return await nodes.LoggedInAsync();
    }
}

public sealed class SqliteTwoNodesTests(SqliteTwoNodes nodes) : TwoNodesTests(nodes), IClassFixture<SqliteTwoNodes>;

public sealed class PostgreSqlTwoNodesTests(PostgreSqlTwoNodes nodes) : TwoNodesTests(nodes), IClassFixture<PostgreSqlTwoNodes>;
