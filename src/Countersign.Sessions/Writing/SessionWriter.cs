using System.Data.Common;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Writing;

/// <summary>
/// The one writer of sessions in a process. Work that waits commits together: one transaction and one flush to the disk for all of it, in order of arrival.
/// </summary>
/// <remarks>
/// What is not decided within <see cref="DecisionLimit"/> of its arrival is never decided: its client is told to come again. So a decision is never made on
/// an arrival so old that the grace could have run out in between.
/// </remarks>
internal sealed class SessionWriter(
    ISessionStore store,
    SessionClock clock,
    IKeySource keys,
    RefreshKeyRing refreshKeys,
    RevocationList revocations,
    ILogger<SessionWriter> logger) : BackgroundService
{
    /// <summary>A request that is not decided within 5 s of its arrival is answered 503.</summary>
    public static readonly TimeSpan DecisionLimit = TimeSpan.FromSeconds(5);

    /// <summary>Enough for every request of a busy process to wait at once; beyond it, an immediate refusal is kinder than a late one.</summary>
    private const int QueueCapacity = 16_384;

    /// <summary>Above some hundreds the flush no longer dominates, and a longer transaction only keeps answers waiting.</summary>
    private const int BatchLimit = 512;

    /// <summary>How often the queue is looked through for what has waited too long: a fraction of the limit.</summary>
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(250);

    private readonly SessionQueue _queue = new(QueueCapacity);

    /// <summary>Whether accounts could not be read when they were asked for last. The loop's own.</summary>
    private bool _accountsFail;

    /// <summary>Has a command decided, and waits for its answer.</summary>
    /// <exception cref="SessionsUnavailableException">
    /// The queue is full, the service is stopping, or the command was not decided in time: nothing has changed. Or the store failed, perhaps in a commit that
    /// reached the database all the same, or the session has moved on during a slow commit: what its row holds is not known here, and whoever refreshes comes
    /// again with the token that its store holds then.
    /// </exception>
    public Task<TAnswer> ExecuteAsync<TAnswer>(SessionCommand<TAnswer> command, CancellationToken cancellationToken)
    {
        if (!_queue.TryEnqueue(command))
        {
            throw new SessionsUnavailableException("The session writer takes no more work: it has more than it can hold, or the service is stopping.");
        }

        // A caller who leaves takes back what is not yet in a batch; what is in one is decided, whether or not anybody waits for the answer.
        return cancellationToken.CanBeCanceled ? WaitAsync(command, cancellationToken) : command.Task;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The loop blocks in the database for as long as a commit takes: it must not begin on the thread that starts the host.
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
            // A request that outlives the writer is refused at once: nobody would ever answer it.
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

    /// <summary>Runs a batch. Whoever ends a session does not wait for accounts that can't be read, as while the app's table of them is locked.</summary>
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
        var run = new BatchRun(commands);
        try
        {
            await store.RunAsync((transaction, cancellationToken) => DecideAsync(run, transaction, cancellationToken), CancellationToken.None).ConfigureAwait(false);
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
            // The database has answered, and nothing was decided. It may be the accounts that it can't give: those who need none go on without them.
            _accountsFail = true;
            Fail(commands.FindAll(ReadsAccount), exception);
            if (commands.FindAll(static command => !ReadsAccount(command)) is { Count: > 0 } others)
            {
                await RunTogetherAsync(others).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Whether a commit that failed has reached the database is not known here. That is for the rotation table to settle, when the clients come again.
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
        // A transaction that is tried again begins from here, so what has meanwhile become too old leaves the batch.
        run.Begin(IsLate);
        if (run.Commands.Count == 0)
        {
            return;
        }

        var ids = run.Commands.Select(static command => command.SessionId).OfType<Guid>().Distinct().Order().ToArray();
        var users = run.Commands.Select(static command => command.UserId).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var accounts = run.Commands.Select(static command => command.AccountKey).OfType<object>().Distinct().ToArray();
        run.BeginLoad(clock.Time.GetTimestamp());
        var loaded = await transaction.LoadAsync(ids, users, accounts, clock.Now, cancellationToken).ConfigureAwait(false);
        run.HasReadAccounts = accounts.Length > 0;
        run.LeaveOutBusy(loaded);
        run.IsLoading = false;
        if (keys.IsBehind(loaded.KeyVersion) || refreshKeys.Keys is null)
        {
            // What will be answered with a signature is not even decided: a key that was revoked must not enter a row either.
            run.LeaveOutSigning(loaded.KeyVersion);
        }

        // Locks may have been waited for: what has become too old meanwhile is not decided either.
        run.LeaveOutLate(IsLate);

        // This node's epoch is the higher one where the database was taken back: its own tokens must not be refused by it.
        var batch = run.Decided(new SessionBatch(clock.Now, refreshKeys.Keys, Math.Max(loaded.Epoch, revocations.Epoch)), clock.Time.GetTimestamp());
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

    /// <summary>Loads the keys that a batch has found to be newer than this node's, and lets what waits for them come again.</summary>
    private async Task CatchUpAsync(BatchRun run)
    {
        if (run.Behind.Count == 0)
        {
            return;
        }

        // By the machine's clock: whatever the app's execution strategy makes of a database that fails, what waits behind these commands does not wait for it.
        using var limit = new CancellationTokenSource(DecisionLimit);
        try
        {
            await keys.CatchUpAsync(run.KeyVersion, run.LoadTimestamp, limit.Token).ConfigureAwait(false);
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
        // A revocation is in this node's memory before anybody is told that it was made.
        foreach (var revocation in run.Batch?.Revocations ?? [])
        {
            revocations.Add(revocation.SessionId, revocation.Reason, revocation.RevokedAt);
        }

        var moved = await LookAgainAsync(run).ConfigureAwait(false);
        foreach (var command in run.Late)
        {
            command.Fail(new SessionsUnavailableException("The session writer could not decide in time."));
        }

        foreach (var command in run.Commands)
        {
            // An end stays one, however far the row has moved.
            if (command.LeadsToSignature && command.SessionId is { } id && moved.Contains(id))
            {
                command.Fail(new SessionsUnavailableException("The session has moved on while its commit was under way."));
            }
            else
            {
                command.Answer();
            }
        }
    }

    /// <summary>
    /// After a slow commit: other nodes may have seen the rows for longer than the stand, and decided on them. The rows that are still as they were written
    /// begin their stand now; for the others what was to be signed is out of date.
    /// </summary>
    /// <returns>The sessions that have moved further.</returns>
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
