using Countersign.Sessions.Diagnostics;
using Countersign.Sessions.Feed;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions.Cleanup;

/// <summary>One round of cleaning up: takes the lease and removes, batch by batch, what is past its retention.</summary>
internal sealed class CleanupRun(ICleanupStore store, SessionClock clock, IOptions<CountersignCleanupOptions> options, ILogger<CleanupRun> logger)
{
    /// <summary>
    /// A node looks after half of it to all of it whether a round is due; the lease of the last one ends <see cref="LeaseTime"/> before it is over.
    /// </summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>So many rows are one transaction: some 10 ms of SQLite's write lock, during which refreshes wait.</summary>
    public const int BatchSize = 1_000;

    /// <summary>
    /// The feed is read back no further than <see cref="FeedState.Retention"/>, and a node remembers what it read then for as long again. A day is far beyond
    /// both.
    /// </summary>
    private static readonly TimeSpan RevocationRetention = TimeSpan.FromDays(1);

    /// <summary>A holder that was killed is succeeded after it; each batch prolongs the lease.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(5);

    /// <summary>Between two batches others write.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the round.</summary>
    /// <returns>How many rows were removed of each kind; null if it is another node's turn, or nobody's yet.</returns>
    public async Task<IReadOnlyDictionary<CleanupTarget, int>?> RunAsync(CancellationToken cancellationToken)
    {
        var began = clock.Now;
        var holder = Guid.CreateVersion7(began);
        if (!await store.TryTakeLeaseAsync(holder, began, began + LeaseTime, began + (2 * Period), cancellationToken).ConfigureAwait(false))
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

        // The rest of the period: the next node that looks finds that it is not time yet.
        await store.SetLeaseAsync(holder, began + Period - LeaseTime, cancellationToken).ConfigureAwait(false);
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
