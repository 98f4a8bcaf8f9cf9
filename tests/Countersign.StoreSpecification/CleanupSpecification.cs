using Countersign.Sessions;
using Countersign.Sessions.Cleanup;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>What cleaning up does on every store: it removes what nothing needs, in bounded batches, one node at a time.</summary>
public abstract class CleanupSpecification(ITestDatabase database) : StoreSuite(database)
{
    private static readonly LockoutPolicy Guesses = new(10, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));

    [Fact]
    public async Task Run_SessionsLongOver_AreRemovedAndTheOthersStay()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var revoked = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(revoked.Session.Id, RevocationReason.LoggedOut);
        await node.LogInAsync("ada");
        Pass(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));

        // The second has expired, the first was revoked longer ago than the retention; what both have in common is not enough.
        var late = await node.LogInAsync("ada");
        var lately = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(lately.Session.Id, RevocationReason.LoggedOut);
        var first = await node.Get<CleanupRun>().RunAsync(CancellationToken.None);
        Assert.Equal(1, first![CleanupTarget.RevokedSessions]);
        Assert.Equal(0, first[CleanupTarget.ExpiredSessions]);
        Assert.Equal(3, await CountRowsAsync("countersign_sessions", "1 = 1"));

        Pass(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await node.Get<CleanupRun>().RunAsync(CancellationToken.None))![CleanupTarget.ExpiredSessions]);
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(1, (await node.Get<CleanupRun>().RunAsync(CancellationToken.None))![CleanupTarget.ExpiredSessions]);
        Assert.NotNull(await node.Sessions.FindAsync(late.Session.Id));
    }

    [Fact]
    public async Task Refresh_OfASessionThatWasRemoved_Unknown()
    {
        var node = await StartNodeAsync(
            static services => services.Configure<CountersignSessionOptions>(static options => options.IdleLifetime = TimeSpan.FromDays(60)));
        Accounts.Add("ada");
        var ended = await node.LogInAsync("ada");
        var live = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(ended.Session.Id, RevocationReason.LoggedOut);
        Pass(TimeSpan.FromDays(8));
        Assert.Equal(RefreshError.SessionRevoked, (await node.Sessions.RefreshAsync(ended.RefreshToken)).Error());

        await node.Get<CleanupRun>().RunAsync(CancellationToken.None);

        Assert.Equal(RefreshError.SessionUnknown, (await node.Sessions.RefreshAsync(ended.RefreshToken)).Error());
        Assert.True((await node.Sessions.RefreshAsync(live.RefreshToken)).Succeeded);
    }

    [Fact]
    public async Task Run_FeedRowsAttemptsAndEvents_EachAfterItsOwnTime()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        await node.Sessions.RevokeAsync((await node.LogInAsync("ada")).Session.Id, RevocationReason.Administrator);
        await node.Get<ISignInAttemptStore>().ReserveAsync(
            new SignInAttempt("account:eve", "192.0.2.1", IsStranger: true), Guesses, Time.GetUtcNow(), CancellationToken.None);

        // What a node that was away for an hour and a quarter still reads. Of the attempt there are two rows, its network's and that of all strangers.
        Pass(TimeSpan.FromHours(2));
        Assert.Equal((0, 2, 0), Counts(await node.Get<CleanupRun>().RunAsync(CancellationToken.None)));
        Pass(TimeSpan.FromHours(22) + TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0, 0), Counts(await node.Get<CleanupRun>().RunAsync(CancellationToken.None)));
        Pass(TimeSpan.FromDays(89) - TimeSpan.FromMinutes(1));
        Assert.Equal((0, 0, 0), Counts(await node.Get<CleanupRun>().RunAsync(CancellationToken.None)));
        Pass(TimeSpan.FromHours(1));
        Assert.Equal((0, 0, 1), Counts(await node.Get<CleanupRun>().RunAsync(CancellationToken.None)));

        static (int Revocations, int Attempts, int Events) Counts(IReadOnlyDictionary<CleanupTarget, int>? removed) =>
            (removed![CleanupTarget.Revocations], removed[CleanupTarget.SignInAttempts], removed[CleanupTarget.Events]);
    }

    [Fact]
    public async Task Run_AttemptsStillBlocked_Stay()
    {
        var node = await StartNodeAsync();
        var policy = Guesses with { MaxFailedAttempts = 1, InitialDuration = TimeSpan.FromDays(40), MaxDuration = TimeSpan.FromDays(40) };
        await node.Get<ISignInAttemptStore>().ReserveAsync(
            new SignInAttempt("account:eve", "192.0.2.1", IsStranger: false), policy, Time.GetUtcNow(), CancellationToken.None);
        Pass(TimeSpan.FromDays(30));

        await node.Get<CleanupRun>().RunAsync(CancellationToken.None);

        Assert.Equal(1, await CountRowsAsync("countersign_sign_in_attempts", "1 = 1"));
    }

    [Fact]
    public async Task Run_EventRetentionZero_KeepsEventsForEver()
    {
        var node = await StartNodeAsync(
            static services => services.Configure<CountersignCleanupOptions>(static options => options.EventRetention = TimeSpan.Zero));
        Accounts.Add("ada");
        await node.Sessions.RevokeAsync((await node.LogInAsync("ada")).Session.Id, RevocationReason.Administrator);
        Pass(TimeSpan.FromDays(4000));

        var removed = await node.Get<CleanupRun>().RunAsync(CancellationToken.None);

        Assert.False(removed!.ContainsKey(CleanupTarget.Events));
        Assert.Equal(1, await CountRowsAsync("countersign_security_events", "1 = 1"));
    }

    [Fact]
    public async Task Remove_MoreRowsThanABatch_NoMoreThanTheLimitEach()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        await RevokeManyAsync(node, 25);
        Pass(TimeSpan.FromDays(2));
        var (store, holder, now) = (node.Get<ICleanupStore>(), Guid.CreateVersion7(), Time.GetUtcNow());
        Assert.True(await TakeAsync(node, holder, now));

        Assert.Equal([10, 10, 5], await RemoveAllAsync(store, CleanupTarget.Revocations, now.AddDays(-1), holder));
    }

    /// <summary>A rotation says nothing to the clean-up, which finds out when it comes to the row.</summary>
    [Fact]
    public async Task Run_SessionThatWasRefreshedSince_IsLookedAtAgainWhenItExpires()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        Pass(TimeSpan.FromDays(5));
        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
        Assert.Equal(1, await CountRowsAsync("countersign_sessions", "cleanup_at < idle_expires_at"));

        Pass(TimeSpan.FromDays(9) + TimeSpan.FromHours(1));
        Assert.Equal(0, (await node.Get<CleanupRun>().RunAsync(CancellationToken.None))![CleanupTarget.ExpiredSessions]);
        Assert.Equal(1, await CountRowsAsync("countersign_sessions", "cleanup_at = idle_expires_at"));

        Pass(TimeSpan.FromDays(5));
        Assert.Equal(1, (await node.Get<CleanupRun>().RunAsync(CancellationToken.None))![CleanupTarget.ExpiredSessions]);
        Assert.Equal(0, await CountRowsAsync("countersign_sessions", "1 = 1"));
    }

    [Fact]
    public async Task Remove_ManyRefreshedSessionsBeforeExpiredOnes_FindsThoseToo()
    {
        var node = await StartNodeAsync();
        List<SessionTokens> refreshed = [];
        for (var i = 0; i < 30; i++)
        {
            Accounts.Add($"ada{i}");
            refreshed.Add(await node.LogInAsync($"ada{i}"));
        }

        Pass(TimeSpan.FromHours(1));
        for (var i = 0; i < 15; i++)
        {
            await node.LogInAsync($"ada{i}");
        }

        Pass(TimeSpan.FromDays(6));
        await Task.WhenAll(refreshed.Select(tokens => node.Sessions.RefreshAsync(tokens.RefreshToken)));
        Pass(TimeSpan.FromDays(2));
        var (store, holder, now) = (node.Get<ICleanupStore>(), Guid.CreateVersion7(), Time.GetUtcNow());
        Assert.True(await TakeAsync(node, holder, now));

        var removed = await RemoveAllAsync(store, CleanupTarget.ExpiredSessions, now, holder);

        Assert.Equal(15, removed.Sum());
        Assert.InRange(removed.Count, 4, 6);
        Assert.Equal(30, await CountRowsAsync("countersign_sessions", "cleanup_at = idle_expires_at"));
    }

    [Fact]
    public async Task Run_MoreRowsThanABatch_RemovesAllOfThem()
    {
        var node = await StartNodeAsync(TimeProvider.System);
        Accounts.Add("ada");
        await RevokeManyAsync(node, CleanupRun.BatchSize + 200);
        await ExecuteAsync("UPDATE countersign_revocations SET revoked_at = 0");

        var removed = await node.Get<CleanupRun>().RunAsync(CancellationToken.None);

        Assert.Equal(CleanupRun.BatchSize + 200, removed![CleanupTarget.Revocations]);
        Assert.Equal(0, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task Run_ManyNodesAtOnce_OneDoesIt()
    {
        Node[] nodes = [await StartNodeAsync(), await StartNodeAsync(), await StartNodeAsync()];

        var rounds = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => Task.Run(() => nodes[i % 3].Get<CleanupRun>().RunAsync(CancellationToken.None))));

        Assert.Single(rounds, static round => round is not null);
        Assert.Null(await nodes[0].Get<CleanupRun>().RunAsync(CancellationToken.None));
        Pass(CleanupRun.Period);
        Assert.NotNull(await nodes[1].Get<CleanupRun>().RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Lease_HolderWasKilled_AnotherTakesItAndTheFirstRemovesNothingMore()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        await RevokeManyAsync(node, 3);
        Pass(TimeSpan.FromDays(2));
        var store = node.Get<ICleanupStore>();
        var (killed, heir, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Time.GetUtcNow());
        Assert.True(await TakeAsync(node, killed, now));
        Assert.Equal(1, (await store.RemoveAsync(CleanupTarget.Revocations, now, 1, killed, now.AddMinutes(6), CancellationToken.None))!.Value.Removed);

        Assert.False(await TakeAsync(node, heir, now.AddMinutes(5)));
        Assert.True(await TakeAsync(node, heir, now.AddMinutes(6)));

        Assert.Null(await store.RemoveAsync(CleanupTarget.Revocations, now, 1, killed, now.AddMinutes(12), CancellationToken.None));
        Assert.False(await node.Get<ILeaseStore>().SetAsync(ICleanupStore.Lease, killed, now.AddMinutes(12), CancellationToken.None));
        Assert.Equal(2, await CountRowsAsync("countersign_revocations", "1 = 1"));
        Assert.Equal(2, (await store.RemoveAsync(CleanupTarget.Revocations, now, 5, heir, now.AddMinutes(12), CancellationToken.None))!.Value.Removed);
    }

    [Fact]
    public async Task Lease_OfAClockThatWasYearsAhead_CountsAsOver()
    {
        var node = await StartNodeAsync();
        var now = Time.GetUtcNow();
        Assert.True(await node.Get<ILeaseStore>().TryTakeAsync(
            ICleanupStore.Lease, Guid.CreateVersion7(), now.AddYears(3), now.AddYears(3).AddMinutes(5), now.AddYears(4), CancellationToken.None));

        Assert.True(await TakeAsync(node, Guid.CreateVersion7(), now));
    }

    [Fact]
    public async Task Service_AWhileAfterTheStart_CleansUpByItself()
    {
        await StartNodeAsync();

        // Lines that no node remembers: what one remembers and the table has lost is put back.
        await ExecuteAsync(
            "INSERT INTO countersign_revocations (seq, session_id, reason, revoked_at) VALUES " +
            "(1, '01900000-0000-7000-8000-000000000001', 1, 0), " +
            "(2, '01900000-0000-7000-8000-000000000002', 1, 0), " +
            "(3, '01900000-0000-7000-8000-000000000003', 1, 0)");

        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(3, await CountRowsAsync("countersign_revocations", "1 = 1"));
        await AdvanceUntilEmptyAsync("countersign_revocations");
    }

    [Fact]
    public async Task Service_ClockJumpedByYears_RemovesNothing()
    {
        var wrong = new JumpingTime(Time);
        var node = await StartNodeAsync(wrong);
        Accounts.Add("ada");
        await node.LogInAsync("ada");
        await RevokeManyAsync(node, 3);

        wrong.Shift = TimeSpan.FromDays(3650);
        for (var i = 0; i < 10; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(20);
        }

        Assert.Equal(3, await CountRowsAsync("countersign_revocations", "1 = 1"));
        Assert.Equal(4, await CountRowsAsync("countersign_sessions", "1 = 1"));
        Assert.Equal(0, await CountRowsAsync("countersign_leases", "1 = 1"));
    }

    /// <summary>Removes ten at a time, until there is nothing left to look at.</summary>
    private static async Task<List<int>> RemoveAllAsync(ICleanupStore store, CleanupTarget target, DateTimeOffset before, Guid holder)
    {
        List<int> removed = [];
        CleanupBatch batch;
        do
        {
            batch = (await store.RemoveAsync(target, before, 10, holder, before.AddDays(2), CancellationToken.None))!.Value;
            removed.Add(batch.Removed);
        }
        while (batch.HasMore);
        return removed;
    }

    private static Task<bool> TakeAsync(Node node, Guid holder, DateTimeOffset now) => node.Get<ILeaseStore>().TryTakeAsync(
        ICleanupStore.Lease, holder, now, now.AddMinutes(5), now.AddHours(2), CancellationToken.None);

    private static async Task RevokeManyAsync(Node node, int count)
    {
        for (var done = 0; done < count; done += 40)
        {
            var logins = await Task.WhenAll(Enumerable.Range(0, Math.Min(40, count - done)).Select(_ => node.LogInAsync("ada")));
            await Task.WhenAll(logins.Select(login => node.Sessions.RevokeAsync(login.Session.Id, RevocationReason.LoggedOut)));
        }
    }

    private async Task AdvanceUntilEmptyAsync(string table)
    {
        var turns = 0;
        await Patience.UntilAsync(async () =>
        {
            // As in AdvanceUntilAsync, for a machine that is busy with other work.
            Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(turns++ < 60 ? 20 : 1000);
            return await CountRowsAsync(table, "1 = 1") == 0;
        });
    }
}
