using System.Data.Common;
using Countersign.Sessions.Diagnostics;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Writing;

/// <summary>
/// The only writer of sessions in a process. Waiting commands commit together, in order of arrival: one transaction and one flush to the disk for all of them.
/// </summary>
/// <remarks>
/// A command that is not decided within <see cref="DecisionLimit"/> of its arrival is never decided, and its client is told to try again. So no decision uses
/// an arrival so old that the grace could have run out in between.
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="clock">The clock.</param>
/// <param name="keys">Used for answers that are signed. They need the app's settings, which a seeder may not have.</param>
/// <param name="refreshKeys">The keys of refresh tokens.</param>
/// <param name="revocations">This node's list.</param>
/// <param name="logger">The log.</param>
internal sealed class SessionWriter(
    ISessionStore store,
    SessionClock clock,
    Lazy<IKeySource> keys,
    RefreshKeyRing refreshKeys,
    RevocationList revocations,
    ILogger<SessionWriter> logger) : BackgroundService
{
    /// <summary>A request that is not decided within 5 s of its arrival is answered 503.</summary>
    public static readonly TimeSpan DecisionLimit = TimeSpan.FromSeconds(5);

    /// <summary>Enough for all requests of a busy process to wait at once. Beyond that, an immediate refusal is better than a late one.</summary>
    private const int QueueCapacity = 16_384;

    /// <summary>With more than some hundreds, the flush is no longer the main cost, and a longer transaction only delays answers.</summary>
    private const int BatchLimit = 512;

    /// <summary>How long a command that needs a row of another node waits before it is tried again, while no loop does that.</summary>
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How often the queue is searched for commands that are too old: a fraction of the limit.</summary>
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(250);

    private readonly SessionQueue _queue = new(QueueCapacity);

    /// <summary>Whether the last read of accounts failed. Only the loop uses it.</summary>
    private bool _accountsFail;

    /// <summary>Queues a command, and waits for its answer.</summary>
    /// <exception cref="SessionsUnavailableException">
    /// The queue is full, the service is stopping, or the command was not decided in time: nothing has changed. Or the store failed, perhaps in a commit that
    /// reached the database, or the session has changed during a slow commit: the state of its row is not known here, and a client refreshes again with the
    /// token that it has stored.
    /// </exception>
    public Task<TAnswer> ExecuteAsync<TAnswer>(SessionCommand<TAnswer> command, CancellationToken cancellationToken)
    {
        if (ExecuteTask is null)
        {
            return BeforeStartAsync(command, cancellationToken);
        }

        if (!_queue.TryEnqueue(command))
        {
            throw new SessionsUnavailableException("The session writer accepts no more work: its queue is full, or the service is stopping.");
        }

        // If a caller cancels, its command is removed unless it is in a batch. In a batch it is decided even if no caller waits for the answer.
        return cancellationToken.CanBeCanceled ? WaitAsync(command, cancellationToken) : command.Task;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The loop waits for the database during a commit. It must not run on the thread that starts the host.
        await Task.Yield();
        var watch = WatchAsync(stoppingToken);
        try
        {
            while (true)
            {
                var batch = await _queue.TakeAsync(BatchLimit, stoppingToken).ConfigureAwait(false);
                await RunAsync(batch).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await watch.ConfigureAwait(false);
        }
        finally
        {
            // A request that is still waiting when the writer ends is refused at once. Otherwise it would never get an answer.
            foreach (var command in _queue.Close())
            {
                command.Fail(new SessionsUnavailableException("The service is stopping."));
            }
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
    }

    /// <summary>
    /// Runs a command while no loop takes it: before the host starts, in a hosted service that starts earlier, or in a tool without a host. A command whose
    /// answer is signed waits for the start, because the keys are loaded there.
    /// </summary>
    private async Task<TAnswer> BeforeStartAsync<TAnswer>(SessionCommand<TAnswer> command, CancellationToken cancellationToken)
    {
        if (command.LeadsToSignature)
        {
            if (!_queue.TryEnqueue(command))
            {
                throw new SessionsUnavailableException("The session writer accepts no more work: its queue is full.");
            }
        }
        else
        {
            // Another node may hold the row. The queue has no loop yet that would try again.
            while (!command.Task.IsCompleted && !IsLate(command))
            {
                if (command.TryTake())
                {
                    await RunTogetherAsync([command]).ConfigureAwait(false);
                }

                if (!command.Task.IsCompleted)
                {
                    await Task.Delay(BusyPause, clock.Time, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        try
        {
            return await command.Task.WaitAsync(DecisionLimit, clock.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!command.Task.IsCompleted)
        {
            command.TryAbandon();
            throw new SessionsUnavailableException(command.LeadsToSignature
                ? "Nothing decides it before the host has started."
                : "The session was in use by another node for too long.");
        }
    }

    private static bool ReadsAccount(SessionCommand command) => command.AccountKey is not null;

    private static async Task<TAnswer> WaitAsync<TAnswer>(SessionCommand<TAnswer> command, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var abandoned = (SessionCommand)state!;
                if (abandoned.TryAbandon())
                {
                    abandoned.Fail(new OperationCanceledException(token));
                }
            },
            command);
        return await command.Task.ConfigureAwait(false);
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WatchPeriod, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                foreach (var command in _queue.TakeLate(IsLate))
                {
                    command.Fail(new SessionsUnavailableException("The session writer could not decide in time."));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private bool IsLate(SessionCommand command) => clock.Time.GetElapsedTime(command.ArrivalTimestamp) > DecisionLimit;

    /// <summary>Runs a batch. Commands that end sessions do not wait for accounts that can't be read, for example while the app's table is locked.</summary>
    private async Task RunAsync(List<SessionCommand> commands)
    {
        var others = _accountsFail ? commands.FindAll(static command => !ReadsAccount(command)) : [];
        if (others.Count > 0)
        {
            await RunTogetherAsync(others).ConfigureAwait(false);
            commands = commands.FindAll(ReadsAccount);
        }

        if (commands.Count > 0)
        {
            await RunTogetherAsync(commands).ConfigureAwait(false);
        }
    }

    private async Task RunTogetherAsync(List<SessionCommand> commands)
    {
        using var activity = SessionActivities.StartBatch(commands.Count);
        var run = new BatchRun(commands);
        try
        {
            await store.RunAsync((transaction, cancellationToken) => DecideAsync(run, transaction, cancellationToken), CancellationToken.None)
                .ConfigureAwait(false);
            await FinishAsync(run).ConfigureAwait(false);
            if (run.Busy.Count > 0)
            {
                _queue.PutBack(run.Busy);
            }

            await CatchUpAsync(run).ConfigureAwait(false);
            _accountsFail &= !run.HasReadAccounts;
        }
        catch (DbException exception) when (run.IsLoading && exception.InnerException is null && commands.Exists(ReadsAccount))
        {
            // The database has answered, and nothing was decided. Perhaps it can't read the accounts. Commands that need no account continue without them.
            _accountsFail = true;
            Fail(commands.FindAll(ReadsAccount), exception);
            if (commands.FindAll(static command => !ReadsAccount(command)) is { Count: > 0 } others)
            {
                await RunTogetherAsync(others).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // It is not known here whether a failed commit has reached the database. The rotation table handles both cases when the clients try again.
            SessionActivities.Failed(activity, exception);
            Fail(commands, exception);
        }
    }

    private void Fail(List<SessionCommand> commands, Exception exception)
    {
        Log.BatchFailed(logger, exception, commands.Count);
        foreach (var command in commands)
        {
            command.Fail(new SessionsUnavailableException("The session store failed.", exception));
        }
    }

    private async Task DecideAsync(BatchRun run, ISessionTransaction transaction, CancellationToken cancellationToken)
    {
        // A repeated transaction begins here, so commands that have become too old leave the batch.
        run.Begin(IsLate);
        if (run.Commands.Count == 0)
        {
            return;
        }

        var ids = run.Commands.Select(static command => command.SessionId).OfType<Guid>().Distinct().Order().ToArray();
        var users = run.Commands
            .Select(static command => command.UserId)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var accounts = run.Commands.Select(static command => command.AccountKey).OfType<object>().Distinct().ToArray();
        run.BeginLoad(clock.Time.GetTimestamp());
        var loaded = await transaction.LoadAsync(ids, users, accounts, clock.Now, cancellationToken).ConfigureAwait(false);
        run.HasReadAccounts = accounts.Length > 0;
        run.LeaveOutBusy(loaded);
        run.IsLoading = false;
        if (refreshKeys.Keys is null || keys.Value.IsBehind(loaded.KeyVersion))
        {
            // Commands whose answer is signed are not decided at all, because a revoked key must not get into a row either.
            run.LeaveOutSigning(loaded.KeyVersion);
        }

        // The transaction may have waited for locks. Commands that have become too old are not decided either.
        run.LeaveOutLate(IsLate);

        // After a restore of the database this node's epoch is the higher one. It must not refuse its own tokens.
        var feed = loaded.Feed with { Epoch = Math.Max(loaded.Feed.Epoch, revocations.Epoch) };
        var batch = run.Decided(new SessionBatch(clock.Now, refreshKeys.Keys, feed), clock.Time.GetTimestamp());
        batch.Add(loaded);
        foreach (var command in run.Commands)
        {
            command.Decide(batch);
        }

        var changes = batch.ToChanges();
        if (!changes.IsEmpty)
        {
            await transaction.SaveAsync(changes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Loads the keys if a batch has found newer ones, and then returns the commands that wait for them.</summary>
    private async Task CatchUpAsync(BatchRun run)
    {
        if (run.Behind.Count == 0)
        {
            return;
        }

        // The limit uses the machine's clock. The app's execution strategy may retry for long, and the commands behind these must not wait for it.
        using var limit = new CancellationTokenSource(DecisionLimit);
        try
        {
            await keys.Value.CatchUpAsync(run.KeyVersion, run.LoadTimestamp, limit.Token).ConfigureAwait(false);
            _queue.PutBack(run.Behind);
        }
        catch (Exception exception)
        {
            Log.KeysNotFollowed(logger, exception, run.Behind.Count);
            foreach (var command in run.Behind)
            {
                command.Fail(new SessionsUnavailableException("The keys have changed, and this node could not load them.", exception));
            }
        }
    }

    private async Task FinishAsync(BatchRun run)
    {
        Announce(run.Batch);

        var moved = await LookAgainAsync(run).ConfigureAwait(false);
        foreach (var command in run.Late)
        {
            command.Fail(new SessionsUnavailableException("The session writer could not decide in time."));
        }

        foreach (var command in run.Commands)
        {
            // A revocation stays valid, even if the row has changed since.
            if (command.LeadsToSignature && command.SessionId is { } id && moved.Contains(id))
            {
                command.Fail(new SessionsUnavailableException("The session has changed during its commit."));
            }
            else
            {
                command.Answer();
            }
        }
    }

    /// <summary>Puts the batch's feed entries into this node's list, before their callers get the answer.</summary>
    private void Announce(SessionBatch? batch)
    {
        foreach (var entry in batch?.Revocations ?? [])
        {
            if (entry.Reason is { } reason)
            {
                revocations.Add(entry.SessionId, reason, entry.RevokedAt);
            }
            else
            {
                // The entry's own number is not known here. A token with a higher number than this transaction has read was made after the change.
                revocations.AddClaimsChange(entry.SessionId, batch!.Feed.Revision + 1);
            }
        }

        if (batch is { MakesAllStale: true })
        {
            revocations.RaiseStaleBefore(batch.Feed.Revision + 1);
        }
    }

    /// <summary>
    /// After a slow commit, other nodes may have seen the rows for longer than the minimum interval and changed them. For unchanged rows the interval begins
    /// now. For the others the answer is out of date and is not signed.
    /// </summary>
    /// <returns>The sessions that have changed further.</returns>
    private async Task<HashSet<Guid>> LookAgainAsync(BatchRun run)
    {
        HashSet<Guid> moved = [];
        if (run.Batch is not { WrittenGenerations.Count: > 0 } batch || clock.Time.GetElapsedTime(run.DecidedTimestamp) <= DecisionLimit)
        {
            return moved;
        }

        Log.SlowCommit(logger, batch.WrittenGenerations.Count);
        await store.RunAsync(
            async (transaction, cancellationToken) =>
            {
                var touched = await transaction.TouchAsync(batch.WrittenGenerations, clock.Now, cancellationToken).ConfigureAwait(false);
                moved = [.. batch.WrittenGenerations.Keys.Where(id => !touched.Contains(id))];
            },
            CancellationToken.None).ConfigureAwait(false);
        return moved;
    }
}
