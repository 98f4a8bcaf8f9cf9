using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Keys;

/// <summary>
/// Looks at the keys once a minute and does what is due. Each node begins at a moment of its own, so that they don't all try at once; when they do, one wins.
/// </summary>
/// <remarks>The table is read each time: after a restored backup its version may be one that this node has seen, over other keys.</remarks>
internal sealed class KeyKeeper(IKeySource keys, SessionClock clock, ILogger<KeyKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)Period.TotalMilliseconds)), clock.Time, stoppingToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(Period, clock.Time);
            do
            {
                await MaintainAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.MaintainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The keys that are loaded go on; what is due is done when the database is back.
            Log.KeysNotMaintained(logger, exception);
        }
    }
}
