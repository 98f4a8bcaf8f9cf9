using System.Security.Cryptography;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Cleanup;

/// <summary>
/// Looks after 30 to 60 minutes, again and again, whether a round of cleaning up is due: it is when the last one, of whichever node, began 55 minutes ago.
/// For the first time it looks a while after the start: what starts has better to do, and so has what starts again and again.
/// </summary>
internal sealed class CleanupService(CleanupRun run, SessionClock clock, ILogger<CleanupService> logger) : BackgroundService
{
    /// <summary>The first round begins so long after the start, or up to twice as long: nodes that start together do not come together.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMinutes(3);

    /// <summary>A clock that has moved by so much more or less than time went by has jumped.</summary>
    private static readonly TimeSpan LargestDrift = TimeSpan.FromHours(1);

    /// <summary>
    /// So long nothing is removed by the word of a clock that has jumped: what it takes for long expired may not be, and rows don't come back.
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
            // Nothing depends on it: the next round removes what this one did not.
            Log.CleanupFailed(logger, exception);
        }
    }
}
