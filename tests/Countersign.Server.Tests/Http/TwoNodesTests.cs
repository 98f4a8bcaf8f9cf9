using System.Diagnostics;
using Countersign.Server.Accounts;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Tests.Http;

/// <summary>What is ended at one node is over at the other, each with its right answer.</summary>
public abstract class TwoNodesTests(TwoNodes nodes)
{
    /// <summary>What is promised even where the feed is cut.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

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
        Assert.Equal(200, (await AskAsync(other, elsewhere)).Status);
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
        Assert.Equal("Inactive user", (await AssertRefusedAsync(user, user.AccessToken, 400, "account_inactive")).Text("detail"));
    }

    [Fact]
    public async Task Delete_AtOneNode_OverAtTheOther()
    {
        using var user = await LoggedInAsync();

        Assert.Equal(
            204, (await user.SendAsync(HttpMethod.Delete, "/users/me", ApiClient.Json(new { current_password = user.OwnPassword }), user.AccessToken)).Status);

        await AssertRefusedAsync(user, 401, "session_revoked");
    }

    [Fact]
    public async Task ChangePassword_AtOneNode_OldSessionsOverAndTheNewOneGoodAtTheOther()
    {
        using var user = await LoggedInAsync();
        var changed = await user.PostAsync(
            "/auth/change-password", new { current_password = user.OwnPassword, new_password = $"other {user.OwnPassword}" }, user.AccessToken);
        Assert.Equal(200, changed.Status);

        await AssertRefusedAsync(user, 401, "session_revoked");
        using var other = nodes.OtherClient();
        Assert.Equal(200, (await other.MeAsync(changed.Text("access_token"))).Status);
    }

    [Theory]
    [InlineData("deactivate", 400, "account_inactive")]
    [InlineData("change-password", 401, "session_revoked")]
    [InlineData("delete", 401, "session_revoked")]
    public async Task UserManager_AccountChangedByAnAppsOwnCodeAtAnotherNode_RefusedWithinTheBound(string change, int status, string code)
    {
        using var user = await LoggedInAsync();
        using var other = nodes.OtherClient();
        Assert.Equal(200, (await AskAsync(other, user.AccessToken)).Status);

        var result = await nodes.WithUserManagerAsync(
            async manager => await ChangeAsync(manager, (await manager.FindByEmailAsync(user.Email))!, user.OwnPassword, change));
        var changed = Stopwatch.GetTimestamp();

        // Whatever is sent later than that must be refused, however slow the machine is to answer.
        Assert.True(result.Succeeded, result.ToString());
        Answer answer;
        TimeSpan sent;
        do
        {
            sent = Stopwatch.GetElapsedTime(changed);
            answer = await AskAsync(other, user.AccessToken);
        }
        while (answer.Status == 200 && sent < Bound);
        answer.AssertRefused(status, code);
    }

    /// <summary>An app's own page changes a role at a third node. The old tokens are stale at both, and the session brings the new roles.</summary>
    [Theory]
    [InlineData("AddToRole", "reader")]
    [InlineData("AddToRoles", "reader")]
    [InlineData("RemoveFromRole", "")]
    [InlineData("RemoveFromRoles", "")]
    [InlineData("RenameRole", "renamed")]
    [InlineData("DeleteRole", "")]
    public async Task Roles_ChangedByAnAppsOwnCode_OldTokensStaleEverywhereAndTheSessionLives(string change, string expected)
    {
        using var user = await LoggedInAsync();
        using var other = nodes.OtherClient();
        var role = $"role{Guid.CreateVersion7():N}";
        await nodes.WithRolesAsync(async (users, roles) =>
        {
            Assert.True((await roles.CreateAsync(new IdentityRole<Guid>(role))).Succeeded);
            return change.StartsWith("Add", StringComparison.Ordinal) || (await users.AddToRoleAsync((await users.FindByEmailAsync(user.Email))!, role)).Succeeded;
        });
        await user.LogInAsync();
        Assert.Equal(200, (await other.MeAsync(user.AccessToken)).Status);

        Assert.True(await nodes.WithRolesAsync((users, roles) => ChangeRolesAsync(users, roles, user.Email, role, change)));

        foreach (var node in (ApiClient[])[user, other])
        {
            var answer = await node.MeAsync(user.AccessToken);
            await Patience.UntilAsync(async () => answer.Status != 200 || (answer = await node.MeAsync(user.AccessToken)).Status != 200);
            answer.AssertRefused(401, "token_stale");
            Assert.Equal(200, (await AskAsync(node, user.AccessToken)).Status);
        }

        var refreshed = await other.RefreshAsync(user.RefreshToken);
        Assert.Equal(200, refreshed.Status);
        foreach (var node in (ApiClient[])[user, other])
        {
            var me = await node.MeAsync(refreshed.Text("access_token"));
            Assert.Equal(200, me.Status);
            Assert.Equal(
                expected.Length == 0 ? [] : [expected == "renamed" ? $"renamed {role}" : role],
                me.Body.GetProperty("roles").EnumerateArray().Select(static one => one.GetString()!));
        }
    }

    private static async Task<bool> ChangeRolesAsync(
        UserManager<CountersignUser> users, RoleManager<IdentityRole<Guid>> roles, string email, string name, string change)
    {
        var user = (await users.FindByEmailAsync(email))!;
        var role = (await roles.FindByNameAsync(name))!;
        switch (change)
        {
            case "AddToRole":
                return (await users.AddToRoleAsync(user, name)).Succeeded;
            case "AddToRoles":
                return (await users.AddToRolesAsync(user, [name])).Succeeded;
            case "RemoveFromRole":
                return (await users.RemoveFromRoleAsync(user, name)).Succeeded;
            case "RemoveFromRoles":
                return (await users.RemoveFromRolesAsync(user, [name])).Succeeded;
            case "RenameRole":
                await roles.SetRoleNameAsync(role, $"renamed {name}");
                return (await roles.UpdateAsync(role)).Succeeded;
            default:
                return (await roles.DeleteAsync(role)).Succeeded;
        }
    }

    private static Task<IdentityResult> ChangeAsync(UserManager<CountersignUser> manager, CountersignUser user, string password, string change)
    {
        switch (change)
        {
            case "deactivate":
                user.IsActive = false;
                return manager.UpdateAsync(user);
            case "change-password":
                return manager.ChangePasswordAsync(user, password, $"other {password}");
            default:
                return manager.DeleteAsync(user);
        }
    }

    /// <summary>Asks for what reads no account: what the feed has not told the node, it does not know.</summary>
    private static Task<Answer> AskAsync(ApiClient node, string accessToken) => node.GetAsync("/auth/sessions", accessToken);

    private async Task AssertRefusedAsync(ApiClient user, int status, string code) => await AssertRefusedAsync(user.AccessToken, status, code);

    /// <summary>Waits until the other node refuses a token.</summary>
    private async Task AssertRefusedAsync(string accessToken, int status, string code)
    {
        using var other = nodes.OtherClient();
        await AssertRefusedAsync(other, accessToken, status, code);
    }

    /// <summary>Waits until a node refuses a token.</summary>
    private static async Task<Answer> AssertRefusedAsync(ApiClient node, string accessToken, int status, string code)
    {
        var answer = await AskAsync(node, accessToken);
        await Patience.UntilAsync(async () => answer.Status != 200 || (answer = await AskAsync(node, accessToken)).Status != 200);
        answer.AssertRefused(status, code);
        return answer;
    }

    private async Task<ApiClient> LoggedInAsync()
    {
        Assert.SkipUnless(nodes is not PostgreSqlTwoNodes || TestPostgreSql.IsAvailable, TestPostgreSql.UnavailableReason ?? string.Empty);
        return await nodes.LoggedInAsync();
    }
}

public sealed class SqliteTwoNodesTests(SqliteTwoNodes nodes) : TwoNodesTests(nodes), IClassFixture<SqliteTwoNodes>;

public sealed class PostgreSqlTwoNodesTests(PostgreSqlTwoNodes nodes) : TwoNodesTests(nodes), IClassFixture<PostgreSqlTwoNodes>;
