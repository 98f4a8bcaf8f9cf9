using Countersign.Sessions;
using Countersign.Sessions.Feed;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>How a node follows the feed of every store, whatever happens to the database, to the way there, and to its clocks.</summary>
public abstract class FollowerSpecification(ITestDatabase database) : StoreSuite(database)
{
    [Fact]
    public async Task Follow_RevokedElsewhere_RefusedHere()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        Assert.True(other.Validator.TryValidate(tokens.AccessToken, out _, out _));

        await node.Sessions.RevokeUserAsync("ada", RevocationReason.AccountInactive);

        await AdvanceUntilAsync(() => other.Revocations.TryFind(tokens.Session.Id, out _));
        Assert.False(other.Validator.TryValidate(tokens.AccessToken, out _, out var error));
        Assert.Equal(Tokens.TokenError.AccountInactive, error);
    }

    [Fact]
    public async Task Follow_RevokedElsewhereWhileNoTimePasses_TheStoreHasToldOfIt()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");

        for (var i = 0; i < 20; i++)
        {
            var tokens = await node.LogInAsync("ada");
            await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
            await Patience.UntilAsync(() => other.Revocations.TryFind(tokens.Session.Id, out _));
        }
    }

    [Fact]
    public async Task Follow_StoreThatTellsNothing_ReadsEverySecond()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        other.Feed.IsDeaf = true;
        var first = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(first.Session.Id, RevocationReason.LoggedOut);
        await AdvanceUntilAsync(() => other.Revocations.TryFind(first.Session.Id, out _));

        var second = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(second.Session.Id, RevocationReason.LoggedOut);

        await AdvanceUntilAsync(() => other.Revocations.TryFind(second.Session.Id, out _), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Follow_DatabaseAwayForAWhile_KnownStaysAndTheGapIsReadAfterwards()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var before = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(before.Session.Id, RevocationReason.LoggedOut);
        await AdvanceUntilAsync(() => other.Revocations.TryFind(before.Session.Id, out _));

        other.Feed.Before = static () => throw new TimeoutException("The database is away.");
        var gap = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(gap.Session.Id, RevocationReason.LoggedOut);
        await AdvanceUntilAsync(() => other.Get<ServiceReadiness>().FindFaults().Count > 0);
        Assert.True(other.Revocations.TryFind(before.Session.Id, out _));
        Assert.False(other.Revocations.TryFind(gap.Session.Id, out _));

        other.Feed.Before = static () => Task.CompletedTask;
        await AdvanceUntilAsync(() => other.Revocations.TryFind(gap.Session.Id, out _) && other.Get<ServiceReadiness>().FindFaults().Count == 0);
        Assert.True(other.Revocations.TryFind(before.Session.Id, out _));
    }

    [Fact]
    public async Task Follow_LinkThatIsSilent_IsGivenUpForAnother()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        var silence = new TaskCompletionSource();
        var connections = other.Feed.Connections;

        // The first call on the silent link waits for ever; the first one of another connection is let through.
        var asked = 0;
        other.Feed.Before = () => Interlocked.Increment(ref asked) == 1 ? silence.Task : Task.CompletedTask;
        await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);

        await AdvanceUntilAsync(() => other.Revocations.TryFind(tokens.Session.Id, out _));
        Assert.Equal(connections + 1, other.Feed.Connections);
        silence.SetResult();
    }

    [Fact]
    public async Task Follow_HeadBehindAndLinesGone_KeepsThemAndPutsThemBackOnce()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var lost = await node.LogInAsync("ada");
        var kept = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(kept.Session.Id, RevocationReason.LoggedOut);
        await node.Sessions.RevokeAsync(lost.Session.Id, RevocationReason.PasswordChanged);
        await AdvanceUntilAsync(() => other.Revocations.Count == 2);

        // What a failover to a copy that lags behind looks like.
        await ExecuteAsync("DELETE FROM countersign_revocations WHERE seq = 2");
        await ExecuteAsync("UPDATE countersign_feed_head SET seq = 1");
        await ExecuteAsync("UPDATE countersign_sessions SET revoked_at = NULL, revoked_reason = NULL WHERE revoked_reason = 3");

        await AdvanceUntilAsync(() => CountRowsAsync("countersign_revocations", "reason = 3").GetAwaiter().GetResult() == 1);
        for (var i = 0; i < 2; i++)
        {
            await LoadAgainAsync(node, other);
        }

        Assert.Equal(2, await CountRowsAsync("countersign_revocations", "1 = 1"));
        Assert.True(node.Revocations.TryFind(lost.Session.Id, out _));
        Assert.True(other.Revocations.TryFind(lost.Session.Id, out _));
        Assert.Equal(RevocationReason.PasswordChanged, (await node.Sessions.FindAsync(lost.Session.Id))!.State.RevokedReason);
        var restarted = await StartNodeAsync();
        Assert.Equal(2, restarted.Revocations.Count);
    }

    [Fact]
    public async Task Follow_LinesGoneBehindAHeadThatStands_PutBackWithinAMinute()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
        await ExecuteAsync("DELETE FROM countersign_revocations");

        await AdvanceUntilAsync(() => CountRowsAsync("countersign_revocations", "1 = 1").GetAwaiter().GetResult() == 1, TimeSpan.FromSeconds(61));

        Assert.Equal(1, node.Feed.Connections);
    }

    [Fact]
    public async Task Follow_EntryOfAge_LeavesMemoryAndIsNotPutBack()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
        await ExecuteAsync("DELETE FROM countersign_revocations");
        Time.Advance(TimeSpan.FromMinutes(76));

        await AdvanceUntilAsync(() => node.Revocations.Count == 0);

        Assert.Equal(0, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Theory]
    [InlineData(45)]
    [InlineData(3600)]
    [InlineData(86_400)]
    [InlineData(10 * 365 * 86_400)]
    [InlineData(-45)]
    [InlineData(-3600)]
    [InlineData(-86_400)]
    public async Task Follow_WallClockJumpsAndComesBack_NothingRevives(int seconds)
    {
        var time = new JumpingTime(Time);
        var node = await StartNodeAsync(time);
        Accounts.Add("ada");
        var early = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(early.Session.Id, RevocationReason.LoggedOut);

        foreach (var shift in new[] { TimeSpan.FromSeconds(seconds), TimeSpan.Zero })
        {
            time.Shift = shift;
            await LoadAgainAsync(node);
            Assert.True(node.Revocations.TryFind(early.Session.Id, out _));
            Assert.False(node.Validator.TryValidate(early.AccessToken, out _, out _));
        }
    }

    [Fact]
    public async Task Follow_StartedWhileTheWallClockWasAhead_LoadsAgainWhenItIsSetBack()
    {
        var honest = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await honest.LogInAsync("ada");
        await honest.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
        var time = new JumpingTime(Time) { Shift = TimeSpan.FromDays(1) };
        var node = await StartNodeAsync(time);

        time.Shift = TimeSpan.Zero;

        await AdvanceUntilAsync(() => node.Revocations.TryFind(tokens.Session.Id, out _));
        Assert.Equal(1, node.Feed.Connections);
    }

    [Fact]
    public async Task Follow_DatabasesClock_IsTheSessionsWhateverThisNodesSays()
    {
        var time = new JumpingTime(Time);
        var ahead = TimeSpan.FromMinutes(3);
        var node = await StartNodeAsync(time);
        var clock = node.Get<SessionClock>();
        node.Feed.Clock = () => Time.GetUtcNow() + ahead;
        await AdvanceUntilAsync(() => clock.Now == Time.GetUtcNow() + ahead);

        time.Shift = TimeSpan.FromDays(-400);

        Assert.Equal(Time.GetUtcNow() + ahead, clock.Now);
    }

    /// <summary>Until each node has loaded once more, from the first page to the last.</summary>
    private async Task LoadAgainAsync(params Node[] nodes)
    {
        var loads = nodes.Select(static node => node.Feed.Loads).ToList();
        await AdvanceUntilAsync(() => nodes.Zip(loads).All(static node => node.First.Feed.Loads > node.Second && !node.First.Get<FeedReader>().IsLoading));
    }
}
