using Countersign.Sessions.Diagnostics;
using Countersign.Sessions.Feed;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions.Cleanup;

/// <summary>One round of clean-up. It takes the lease, and removes the rows that are past their retention, in batches.</summary>
internal sealed class CleanupRun(
    ICleanupStore store, ILeaseStore leases, SessionClock clock, IOptions<CountersignCleanupOptions> options, ILogger<CleanupRun> logger)
{
    /// <summary>
    /// The time between two rounds. A node checks after half to all of this time whether a round is due. The lease of the last round ends
    /// <see cref="LeaseTime"/> before this time is over.
    /// </summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>The number of rows in one transaction. It takes about 10 ms of SQLite's write lock, during which refreshes wait.</summary>
    public const int BatchSize = 1_000;

    /// <summary>
    /// A node reads the feed back by <see cref="FeedState.Retention"/> at most, and remembers an entry for the same time. A day is much longer than both
    /// together.
    /// </summary>
    private static readonly TimeSpan RevocationRetention = TimeSpan.FromDays(1);

    /// <summary>The limits of mail look back by an hour. A day is enough for an operator who asks what was sent.</summary>
    private static readonly TimeSpan MailRetention = TimeSpan.FromDays(1);

    /// <summary>If a holder was killed, another node can take the lease after this time. Each batch extends the lease.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(5);

    /// <summary>Other writers get their turn between two batches.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the round.</summary>
    /// <returns>The number of removed rows of each kind; null if another node does the round, or if no round is due.</returns>
    public async Task<IReadOnlyDictionary<CleanupTarget, int>?> RunAsync(CancellationToken cancellationToken)
    {
        var began = clock.Now;
        var holder = Guid.CreateVersion7(began);
        if (!await leases.TryTakeAsync(
            ICleanupStore.Lease, holder, began, began + LeaseTime, began + (2 * Period), cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        Dictionary<CleanupTarget, int> removed = [];
        foreach (var (target, before) in FindTargets(began))
        {
            if (await RemoveAsync(target, before, holder, cancellationToken).ConfigureAwait(false) is not { } count)
            {
                Log.CleanupLeaseLost(logger);
                return removed;
            }

            removed[target] = count;
        }

        // The lease runs until the next round, so a node that checks earlier finds that no round is due.
        await leases.SetAsync(ICleanupStore.Lease, holder, began + Period - LeaseTime, cancellationToken).ConfigureAwait(false);
        Report(removed);
        return removed;
    }

    private IEnumerable<(CleanupTarget Target, DateTimeOffset Before)> FindTargets(DateTimeOffset now)
    {
        var settings = options.Value;
        yield return (CleanupTarget.RevokedSessions, now - settings.SessionRetention);
        yield return (CleanupTarget.ExpiredSessions, now - settings.SessionRetention);
        yield return (CleanupTarget.Revocations, now - RevocationRetention);
        yield return (CleanupTarget.SignInAttempts, now - LockoutPolicy.Memory);
        yield return (CleanupTarget.Mails, now - MailRetention);
        yield return (CleanupTarget.MailTokens, now - MailRetention);
        if (settings.EventRetention > TimeSpan.Zero)
        {
            yield return (CleanupTarget.Events, now - settings.EventRetention);
        }
    }

    private async Task<int?> RemoveAsync(CleanupTarget target, DateTimeOffset before, Guid holder, CancellationToken cancellationToken)
    {
        var removed = 0;
        while (true)
        {
            if (await store.RemoveAsync(target, before, BatchSize, holder, clock.Now + LeaseTime, cancellationToken).ConfigureAwait(false) is not { } batch)
            {
                return null;
            }

            removed += batch.Removed;
            SessionMetrics.CleanedUp(target, batch.Removed);
            if (!batch.HasMore)
            {
                return removed;
            }

            await Task.Delay(Pause, clock.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Report(Dictionary<CleanupTarget, int> removed)
    {
        if (removed.Values.All(static count => count == 0))
        {
            return;
        }

        var sessions = removed[CleanupTarget.ExpiredSessions] + removed[CleanupTarget.RevokedSessions];
        var (revocations, attempts) = (removed[CleanupTarget.Revocations], removed[CleanupTarget.SignInAttempts]);
        var events = removed.GetValueOrDefault(CleanupTarget.Events);
        Log.CleanedUp(logger, sessions, revocations, attempts, events);
    }
}
