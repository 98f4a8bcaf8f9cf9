using System.Security.Cryptography;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Cleanup;

/// <summary>
/// Checks every 30 to 60 minutes whether a round of clean-up is due. A round is due 55 minutes after the last one began, on any node. The first check waits for
/// some minutes, so that it does not slow down a start, or a service that restarts often.
/// </summary>
internal sealed class CleanupService(CleanupRun run, SessionClock clock, ILogger<CleanupService> logger) : BackgroundService
{
    /// <summary>
    /// The first round begins between this time and twice this time after the start, so that nodes that start together do not check together.
    /// </summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMinutes(3);

    /// <summary>If the clock has moved by this much more or less than the elapsed time, it has jumped.</summary>
    private static readonly TimeSpan LargestDrift = TimeSpan.FromHours(1);

    /// <summary>
    /// How long nothing is removed after the clock has jumped. A wrong clock could report live rows as expired, and removed rows can't be restored.
    /// </summary>
    private static readonly TimeSpan Quarantine = TimeSpan.FromDays(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var delay = Jittered(FirstDelay);
            var (at, timestamp) = (clock.Now, clock.Time.GetTimestamp());
            while (true)
            {
                await Task.Delay(delay, clock.Time, stoppingToken).ConfigureAwait(false);
                var drift = clock.Now - at - clock.Time.GetElapsedTime(timestamp);
                if (drift.Duration() > LargestDrift)
                {
                    Log.CleanupClockJumped(logger, drift);
                    delay = Quarantine;
                }
                else
                {
                    await TryRunAsync(stoppingToken).ConfigureAwait(false);
                    delay = Jittered(CleanupRun.Period / 2);
                }

                (at, timestamp) = (clock.Now, clock.Time.GetTimestamp());
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static TimeSpan Jittered(TimeSpan least) => least + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)least.TotalMilliseconds));

    private async Task TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // This is not critical: the next round removes the rows that this one did not.
            Log.CleanupFailed(logger, exception);
        }
    }
}
