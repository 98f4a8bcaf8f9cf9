using Countersign.Sessions.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Rotation;

/// <summary>The time after a restored backup in which tokens are accepted that the backup does not know.</summary>
/// <param name="Point">The time of the backup.</param>
/// <param name="Until">When the window ends.</param>
internal sealed record RestoreWindow(DateTimeOffset Point, DateTimeOffset Until)
{
    /// <summary>The longest idle lifetime that can be configured. After it no token from before the restore is valid.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(365);

    /// <summary>Makes the window.</summary>
    /// <returns>Null if no window is configured.</returns>
    public static RestoreWindow? From(CountersignRefreshOptions options) =>
        options is { AfterRestore: AfterRestoreBehavior.Accept, RestorePoint: { } point, AcceptUntil: { } until } ? new RestoreWindow(point, until) : null;

    /// <summary>Whether a token that is ahead of its row is accepted.</summary>
    public bool Takes(DateTimeOffset issuedAt, DateTimeOffset now) => issuedAt > Point && now < Until;
}

/// <summary>Logs at start that tokens from after a backup are accepted, so that the setting is not forgotten.</summary>
internal sealed class RestoreNotice(RotationPolicy policy, SessionClock clock, ILogger<RestoreNotice> logger) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (policy.Restored is { } window)
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
