using Countersign.Harness;
using Countersign.TestServer;

namespace Countersign.App.Tests.Upgrade;

/// <summary>docs/guides/from-mapidentityapi.md, followed word for word on an app made by <c>dotnet new webapi</c>.</summary>
public sealed class FromMapIdentityApiTests
{
    private const int MostTypedLines = 6;

    private const string Beginning = "The app before";
    private const string WithoutOldNodes = "7. Without old nodes";
    private const string WithoutMapIdentityApi = "8. Without MapIdentityApi";
    private const string BackFromBcrypt = "Back from bcrypt";
    private const string Removing = "Removing Countersign";

    private static readonly string[] Steps = ["1. The package", "2. Three lines", "3. Settings", "4. The migration"];

    private static Guide Guide { get; } = Guide.Read(File.ReadAllText(Page("from-mapidentityapi.md")));

    /// <summary>What a reader types for the upgrade, by the text alone. The slow test counts it in the files.</summary>
    [Fact]
    public void Guide_Steps_AddAtMostSixLines() =>
        Assert.InRange(Steps.SelectMany(static step => Guide.Section(step)).Sum(static block => block.CountTypedLines()), 1, MostTypedLines);

    /// <summary>The slow test follows these sections. A block elsewhere is only to be read.</summary>
    [Fact]
    public void Guide_Blocks_AreAllFollowed()
    {
        string[] followed = [Beginning, .. Steps, WithoutOldNodes, WithoutMapIdentityApi, BackFromBcrypt, Removing];
        Assert.DoesNotContain(Guide.Blocks, block => block.Verb != "read" && !followed.Contains(block.Section));
    }

    [Fact]
    [Trait(Suite.Name, Suite.All)]
    public async Task Guide_WordForWord_UpgradesAndGoesBack()
    {
        using var workspace = await Workspace.CreateAsync();
        await workspace.FollowAsync(Guide.Section(Beginning));
        using var walk = new UpgradeWalk(workspace.Folder);
        var old = await workspace.PublishAsync("old");
        var sources = workspace.ReadSources();
        var schema = await walk.SchemaAsync();
        await walk.StageAsync("Before", [("old", old), ("old 2", old)], seed: true);

        await workspace.FollowAsync(Steps.SelectMany(static step => Guide.Section(step)));
        Assert.InRange(Workspace.CountTypedLines(sources, workspace.ReadSources()), 1, MostTypedLines);
        var upgraded = await workspace.PublishAsync("new");
        await walk.StopsAsync(upgraded, "Auth:MasterKey is missing", ("Auth__MasterKey", null));
        await walk.StopsAsync(upgraded, "The database lacks the migrations", ("ConnectionStrings__App", $"Data Source={walk.Database}.empty"));
        await WithIdentitysHashesAsync(walk, old, upgraded);
        await WithBcryptAsync(workspace, walk, old);
        await RemovedAsync(workspace, walk);

        Assert.Equal(sources, workspace.ReadSources());
        Assert.Equal(schema, await walk.SchemaAsync());
        await Artifacts.WriteAsync("from-mapidentityapi-tested.md", walk.Page);
        Assert.Equal(await File.ReadAllTextAsync(Page("from-mapidentityapi-tested.md"), TestContext.Current.CancellationToken), walk.Page);
    }

    private static string Page(string name) => Path.Combine(Repository.Root, "docs", "guides", name);

    /// <summary>Steps 5 and 6, and the way back from there.</summary>
    private static async Task WithIdentitysHashesAsync(UpgradeWalk walk, string old, string upgraded)
    {
        await walk.StageAsync("Step 5: old and new nodes", [("old", old), ("new", upgraded)], async (first, second) =>
        {
            Assert.All(await walk.HashesAsync(4), static hash => Assert.Equal("AQAA", hash));
            await UpgradeFacts.SideBySideAsync(walk, first, second);
            await UpgradeFacts.RolesAsync(walk, first, second);
            await walk.BeginLongSessionAsync(second);
        });
        await walk.StageAsync("Step 6: new nodes alone", [("new", upgraded), ("new 2", upgraded)], async (first, second) =>
        {
            await UpgradeFacts.LogoutAsync(walk, first, second);
            await UpgradeFacts.RolesAsync(walk, first, second);
            await walk.GoOnWithLongSessionAsync(second);
        });
        await walk.StageAsync("Back: old nodes alone, on the same tables", [("old", old), ("old 2", old)]);
    }

    /// <summary>Steps 7 and 8, and the way back from there.</summary>
    private static async Task WithBcryptAsync(Workspace workspace, UpgradeWalk walk, string old)
    {
        var sleeper = new Person("sleeper", "sleeper@example.com");
        await walk.Tables.CreateAsync(sleeper.Email, sleeper.Password);
        await workspace.FollowAsync(Guide.Section(WithoutOldNodes));
        var bcrypt = await workspace.PublishAsync("bcrypt");
        var token = string.Empty;
        await walk.StageAsync("Step 7: new nodes with bcrypt", [("new", bcrypt), ("new 2", bcrypt)], async (first, second) =>
        {
            await UpgradeFacts.LogInAsync(first, sleeper);
            Assert.All(await walk.HashesAsync(4), static hash => Assert.Equal("$2b$", hash));
            await walk.GoOnWithLongSessionAsync(second);
            token = (await UpgradeFacts.IdentityLoginAsync(first, walk.Plain)).Text("accessToken");
        });
        await walk.StageAsync("Not in the guide: an old node after step 7", [("old", old), ("new", bcrypt)]);

        using (await workspace.BranchAsync("without"))
        {
            await workspace.FollowAsync(Guide.Section(WithoutMapIdentityApi));
            var ours = await workspace.PublishAsync("ours");
            await walk.StageAsync("Step 8: without `MapIdentityApi`", [("new", ours), ("new 2", ours)], async (first, _) =>
                Assert.Equal("200", (await first.GetAsync("/notes", token)).Outcome));
        }

        var back = Guide.Section(BackFromBcrypt);
        await workspace.FollowAsync(back.TakeWhile(static block => block.Verb == "change"));
        var identity = await workspace.PublishAsync("identity");
        await walk.StageAsync(
            "Back from bcrypt: first a login at a new node with `Format` = `Identity`, then at an old node",
            [("new", identity), ("old", old)],
            async (_, second) =>
            {
                Assert.Equal("500", (await UpgradeFacts.IdentityLoginAsync(second, sleeper)).Outcome);
                await workspace.FollowAsync(back.SkipWhile(static block => block.Verb == "change"));
                Assert.Equal("401 Failed", (await UpgradeFacts.IdentityLoginAsync(second, sleeper)).Outcome);
            });
    }

    private static async Task RemovedAsync(Workspace workspace, UpgradeWalk walk)
    {
        await workspace.FollowAsync(Guide.Section(Removing));
        var removed = await workspace.PublishAsync("removed");
        await walk.StageAsync("Countersign removed", [("old", removed), ("old 2", removed)]);
    }
}
