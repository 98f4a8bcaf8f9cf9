namespace Countersign.App.Tests.Upgrade;

/// <summary>What the guide says of an upgrade besides the table: of changes at one node that the others must see.</summary>
internal static class UpgradeFacts
{
    private const string NewPassword = "Correct-horse-8";

    /// <summary>Old and new nodes write the same tables, and each accepts what the other has written.</summary>
    public static async Task SideBySideAsync(UpgradeWalk walk, Node old, Node @new)
    {
        Assert.All(await walk.HashesAsync(4), static hash => Assert.Equal("AQAA", hash));

        // An account that a new node has made, by the old route. Ours is closed.
        var newcomer = new Person("new", "newcomer@example.com");
        var account = new { email = newcomer.Email, password = newcomer.Password };
        Assert.Equal("404", (await @new.PostAsync("/api/v1/auth/register", account)).Outcome);
        Assert.Equal("200", (await @new.PostAsync("/register", account)).Outcome);
        await walk.ConfirmAsync(newcomer);
        Assert.Equal("200", (await IdentityLoginAsync(old, newcomer)).Outcome);

        // A password that was changed by our route opens the old node.
        var ours = await LogInAsync(@new, newcomer);
        var change = new { current_password = newcomer.Password, new_password = NewPassword };
        Assert.Equal("200", (await @new.PostAsync("/api/v1/auth/change-password", change, ours.Text("access_token"))).Outcome);
        Assert.Equal("401 Failed", (await IdentityLoginAsync(old, newcomer)).Outcome);
        newcomer.Password = NewPassword;
        Assert.Equal("200", (await IdentityLoginAsync(old, newcomer)).Outcome);

        await PasswordChangesAsync(old, @new, newcomer);
        await RightsAsync(walk, old, @new, newcomer);
    }

    /// <summary>A password that an old node has changed ends our sessions at their next refresh; one that a new node has changed, at once.</summary>
    private static async Task PasswordChangesAsync(Node old, Node @new, Person person)
    {
        foreach (var (node, tokenAfterwards) in new[] { (old, "200"), (@new, "401 session_revoked") })
        {
            var ours = await LogInAsync(@new, person);
            var identity = (await IdentityLoginAsync(node, person)).Text("accessToken");
            var next = $"{person.Password}{node.Name}";
            Assert.Equal("200", (await node.PostAsync("/manage/info", new { oldPassword = person.Password, newPassword = next }, identity)).Outcome);
            person.Password = next;
            Assert.Equal(tokenAfterwards, (await @new.GetAsync("/notes", ours.Text("access_token"))).Outcome);
            Assert.Equal(node == old ? "400 account_changed" : "400 session_revoked", (await RefreshAsync(@new, ours)).Outcome);
        }
    }

    /// <summary>Roles and bans that another program has written take effect with the next refresh.</summary>
    private static async Task RightsAsync(UpgradeWalk walk, Node old, Node @new, Person person)
    {
        await walk.Tables.WithAsync(person.Email, static (users, user) => users.AddToRoleAsync(user, "admin"));
        var ours = await LogInAsync(@new, person);
        Assert.Equal("200", (await @new.GetAsync("/admin", ours.Text("access_token"))).Outcome);
        await walk.Tables.WithAsync(person.Email, static (users, user) => users.RemoveFromRoleAsync(user, "admin"));
        Assert.Equal("200", (await @new.GetAsync("/admin", ours.Text("access_token"))).Outcome);
        ours = await RefreshAsync(@new, ours);
        Assert.Equal("403 forbidden", (await @new.GetAsync("/admin", ours.Text("access_token"))).Outcome);
        var identity = await IdentityLoginAsync(old, person);
        await walk.BanAsync(person);
        Assert.Equal("200", (await old.PostAsync("/refresh", new { refreshToken = identity.Text("refreshToken") })).Outcome);
        Assert.Equal("400 account_inactive", (await RefreshAsync(@new, ours)).Outcome);
    }

    /// <summary>A logout at one new node ends the session at the other.</summary>
    public static async Task LogoutAsync(UpgradeWalk walk, Node first, Node second)
    {
        var ours = await LogInAsync(first, walk.Plain);
        Assert.Equal("200", (await second.GetAsync("/notes", ours.Text("access_token"))).Outcome);
        Assert.Equal("204", (await first.PostAsync("/api/v1/auth/logout", new { refresh_token = ours.Text("refresh_token") })).Outcome);
        await Patience.UntilAsync(async () => (await second.GetAsync("/notes", ours.Text("access_token"))).Outcome == "401 session_revoked");
        Assert.Equal("400 session_revoked", (await RefreshAsync(second, ours)).Outcome);
    }

    /// <summary>The role of the app's own table is in both kinds of token.</summary>
    public static async Task RolesAsync(UpgradeWalk walk, Node identity, Node ours)
    {
        foreach (var (person, allowed) in new[] { (walk.Admin, true), (walk.Plain, false) })
        {
            var token = (await IdentityLoginAsync(identity, person)).Text("accessToken");
            Assert.Equal(allowed ? "200" : "403", (await ours.GetAsync("/admin", token)).Outcome);
            Assert.Equal(allowed ? "200" : "403 forbidden", (await ours.GetAsync("/admin", (await LogInAsync(ours, person)).Text("access_token"))).Outcome);
        }
    }

    public static async Task<Reply> LogInAsync(Node node, Person person)
    {
        var reply = await node.PostAsync("/api/v1/auth/login", new { username = person.Email, password = person.Password });
        Assert.Equal("200", reply.Outcome);
        return reply;
    }

    public static Task<Reply> RefreshAsync(Node node, Reply pair) =>
        node.PostAsync("/api/v1/auth/refresh", new { refresh_token = pair.Text("refresh_token") });

    public static Task<Reply> IdentityLoginAsync(Node node, Person person) => node.PostAsync("/login", person.IdentityLogin(sendsCode: false));
}
