using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Rotation;

/// <summary>Says at start that tokens of after a backup are taken, so that nobody forgets the setting.</summary>
internal sealed class RestoreNotice(SessionSettings settings, SessionClock clock, ILogger<RestoreNotice> logger) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Rotation.Restored is { } window)
        {
            if (clock.Now < window.Until)
            {
                Log.AfterRestore(logger, window.Point, window.Until);
            }
            else
            {
                Log.AfterRestoreOver(logger, window.Until);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
