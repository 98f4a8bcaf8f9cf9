using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>What the session writer does when its store is slow or away.</summary>
public abstract class WriterSpecification(ITestDatabase database) : StoreSuite(database)
{
    [Fact]
    public async Task Refresh_StoreStalledBeyondTheLimit_RefusedAndNeverDecided()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        var (reached, stalled) = store.Stall();

        // The first is in a batch that can't begin, the second waits behind it: neither may be decided on an arrival of so long ago.
        var taken = node.Sessions.RefreshAsync(tokens.RefreshToken);
        await reached;
        var queued = node.Sessions.RefreshAsync(tokens.RefreshToken);
        await AdvanceUntilAsync(() => queued.IsCompleted);
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => queued);
        stalled.SetResult();
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => taken);

        Assert.Equal(1, (await node.Sessions.FindAsync(tokens.Session.Id))!.State.Generation);
    }

    [Fact]
    public async Task Refresh_SlowCommit_AnsweredAsDecidedAndTheStandBeginsThen()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        store.AfterCommit = () =>
        {
            store.AfterCommit = static () => Task.CompletedTask;
            Time.Advance(SessionWriter.DecisionLimit + TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };

        var answer = await node.Sessions.RefreshAsync(tokens.RefreshToken);

        Assert.True(answer.TryGetTokens(out var next, out _));
        Assert.Equal(2, next.RefreshGeneration);
        Assert.Equal(Time.GetUtcNow(), (await node.Sessions.FindAsync(tokens.Session.Id))!.State.RefreshedAt);
    }

    [Fact]
    public async Task Refresh_SlowCommitAndTheRowHasMovedFurther_Refused()
    {
        var (node, store) = await StartStallingAsync();
        var other = await StartNodeAsync();
        var tokens = await node.LogInAsync("ada");
        store.AfterCommit = async () =>
        {
            store.AfterCommit = static () => Task.CompletedTask;

            // Long after the stand another node goes on with the child, twice: its grandparent is nobody's answer any more.
            var found = tokens.RefreshToken;
            for (var i = 0; i < 3; i++)
            {
                Time.Advance(TimeSpan.FromSeconds(61));
                Assert.True((await other.Sessions.RefreshAsync(found)).TryGetTokens(out var next, out var error), error?.ToString());
                found = next.RefreshToken;
            }
        };

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));
        Assert.Null((await node.Sessions.FindAsync(tokens.Session.Id))!.State.RevokedAt);
    }

    /// <summary>That the row is not there any more changes nothing about its end: only what is signed can be out of date.</summary>
    [Fact]
    public async Task Revoke_SlowCommitAndTheRowIsGone_AnsweredAsDecided()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        var (reached, stalled) = store.Stall();
        var first = node.Sessions.RevokeAsync(Guid.Empty, RevocationReason.LoggedOut);
        await reached;
        var refresh = node.Sessions.RefreshAsync(tokens.RefreshToken);
        var revocation = node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
        store.AfterCommit = () =>
        {
            store.AfterCommit = SlowlyAsync;
            return Task.CompletedTask;
        };

        stalled.SetResult();

        await first;
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => refresh);
        Assert.True(await revocation);

        async Task SlowlyAsync()
        {
            store.AfterCommit = static () => Task.CompletedTask;
            var (cleanup, holder, now) = (node.Get<ICleanupStore>(), Guid.CreateVersion7(Time.GetUtcNow()), Time.GetUtcNow());
            Assert.True(await node.Get<ILeaseStore>().TryTakeAsync(
                ICleanupStore.Lease, holder, now, now.AddMinutes(5), now.AddHours(2), CancellationToken.None));
            var batch = await cleanup.RemoveAsync(CleanupTarget.RevokedSessions, now.AddDays(1), 10, holder, now.AddMinutes(5), CancellationToken.None);
            Assert.Equal(1, batch!.Value.Removed);
            Time.Advance(SessionWriter.DecisionLimit + TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Execute_StoreFails_UnavailableAndTheNextOneGoesOn()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        store.BeforeBegin = static () => throw new InvalidOperationException("The disk is gone.");

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut));
        Assert.True(node.Validator.TryValidate(tokens.AccessToken, out _, out _));

        store.BeforeBegin = static () => Task.CompletedTask;
        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
    }

    [Fact]
    public async Task Execute_CallerLeavesBeforeTheDecision_NothingIsWritten()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        var (reached, stalled) = store.Stall();
        var first = node.Sessions.RevokeAsync(Guid.Empty, RevocationReason.LoggedOut);
        await reached;
        using var leaving = new CancellationTokenSource();
        var left = node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut, leaving.Token);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        stalled.SetResult();

        Assert.False(await first);
        Assert.Null((await node.Sessions.FindAsync(tokens.Session.Id))!.State.RevokedAt);
    }

    [Fact]
    public async Task Execute_ManyAtOnce_FewerTransactionsThanCommands()
    {
        var (node, store) = await StartStallingAsync();
        var transactions = 0;
        store.BeforeBegin = () =>
        {
            Interlocked.Increment(ref transactions);
            return Task.Delay(20);
        };

        var logins = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => node.LogInAsync("ada"))));

        Assert.Equal(40, logins.Select(static login => login.Session.Id).Distinct().Count());
        Assert.InRange(transactions, 1, 20);
    }

    [Fact]
    public async Task Refresh_LocksTakeLongerThanTheLimit_RefusedAndNeverDecided()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        store.BeforeLoad = () =>
        {
            Time.Advance(SessionWriter.DecisionLimit + TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));

        Assert.Equal(1, (await node.Sessions.FindAsync(tokens.Session.Id))!.State.Generation);
    }

    [Fact]
    public async Task Execute_SecondLookFailsAfterASlowCommit_UnavailableAndTheNextOneGoesOn()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        store.AfterCommit = () =>
        {
            store.AfterCommit = static () => Task.CompletedTask;
            store.BeforeBegin = () =>
            {
                store.BeforeBegin = static () => Task.CompletedTask;
                throw new InvalidOperationException("The disk is gone.");
            };
            Time.Advance(SessionWriter.DecisionLimit + TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));

        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out var again, out _));
        Assert.Equal(2, again.RefreshGeneration);
    }

    [Fact]
    public async Task Execute_QueuedInAnotherOrder_DecidedInOrderOfArrival()
    {
        var (node, store) = await StartStallingAsync();
        var (reached, stalled) = store.Stall();
        var writer = node.Get<SessionWriter>();
        List<int> decided = [];
        var first = writer.ExecuteAsync(Command(0), CancellationToken.None);
        await reached;

        // As when an account's facts took their time: what arrived first is queued last.
        var (early, late) = (Command(1), Command(2));
        var answers = new[] { writer.ExecuteAsync(late, CancellationToken.None), writer.ExecuteAsync(early, CancellationToken.None) };
        stalled.SetResult();
        await Task.WhenAll([first, .. answers]);

        Assert.Equal([0, 1, 2], decided);

        NotingCommand Command(int number)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            return new NotingCommand(number, decided) { Arrival = Time.GetUtcNow(), ArrivalTimestamp = Time.GetTimestamp() };
        }
    }

    [Fact]
    public async Task Execute_WriterHasStopped_RefusedAtOnce()
    {
        var (node, _) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        await node.Get<SessionWriter>().StopAsync(CancellationToken.None);

        var refused = Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));

        await refused.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Execute_UndefinedReason_CallersFaultAndNothingIsWritten()
    {
        var (node, _) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.Sessions.RevokeAsync(tokens.Session.Id, (RevocationReason)99));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.Sessions.RevokeUserAsync("ada", default));

        Assert.Null((await node.Sessions.FindAsync(tokens.Session.Id))!.State.RevokedAt);
    }

    [Fact]
    public async Task Execute_RowOfAnotherNode_LeavesTheBatchAndTheRestGoesOn()
    {
        var (node, store) = await StartStallingAsync();
        var held = await node.LogInAsync("ada");
        var free = await node.LogInAsync("ada");
        store.Hold(held.Session.Id, "bob");
        Accounts.Add("bob");

        var waiting = node.Sessions.RefreshAsync(held.RefreshToken);
        var starting = node.LogInAsync("bob");
        Assert.True((await node.Sessions.RefreshAsync(free.RefreshToken)).Succeeded);

        Assert.False(waiting.IsCompleted);
        Assert.False(starting.IsCompleted);
        store.Release();
        Assert.True((await waiting).TryGetTokens(out var next, out _));
        Assert.Equal(2, next.RefreshGeneration);
        Assert.Equal(1, (await starting).RefreshGeneration);
    }

    [Fact]
    public async Task Execute_RowOfAnotherNode_LaterCommandsOfTheRowAreDecidedAfterTheFirst()
    {
        var (node, store) = await StartStallingAsync();
        var held = await node.LogInAsync("ada");
        store.Hold(held.Session.Id);

        var first = node.Sessions.RevokeAsync(held.Session.Id, RevocationReason.LoggedOut);
        await store.WaitForAttemptAsync();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var second = node.Sessions.RevokeAsync(held.Session.Id, RevocationReason.PasswordChanged);
        store.Release();

        Assert.True(await first);
        Assert.False(await second);
    }

    [Fact]
    public async Task Execute_RowOfAnotherNodeForTooLong_RefusedAndNeverDecided()
    {
        var (node, store) = await StartStallingAsync();
        var held = await node.LogInAsync("ada");
        store.Hold(held.Session.Id);

        var waiting = node.Sessions.RefreshAsync(held.RefreshToken);
        await store.WaitForAttemptAsync();
        await AdvanceUntilAsync(() => waiting.IsCompleted);
        store.Release();

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => waiting);
        Assert.Equal(1, (await node.Sessions.FindAsync(held.Session.Id))!.State.Generation);
    }

    private sealed class NotingCommand(int number, List<int> decided) : SessionCommand<int>
    {
        protected override int DecideCore(SessionBatch batch)
        {
            decided.Add(number);
            return number;
        }
    }
}
