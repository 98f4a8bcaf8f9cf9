using Countersign.Sessions.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Rotation;

/// <summary>The time after a restored backup in which tokens that the backup does not know are taken.</summary>
/// <param name="Point">The instant of the backup.</param>
/// <param name="Until">When the time ends.</param>
internal sealed record RestoreWindow(DateTimeOffset Point, DateTimeOffset Until)
{
    /// <summary>The longest idle lifetime that can be configured: after it no token of before the restore is alive.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(365);

    /// <summary>Makes the window.</summary>
    /// <returns>Null if none is configured.</returns>
    public static RestoreWindow? From(CountersignRefreshOptions options) =>
        options is { AfterRestore: AfterRestoreBehavior.Accept, RestorePoint: { } point, AcceptUntil: { } until } ? new RestoreWindow(point, until) : null;

    /// <summary>Whether a token ahead of its row is taken.</summary>
    public bool Takes(DateTimeOffset issuedAt, DateTimeOffset now) => issuedAt > Point && now < Until;
}

/// <summary>Says at start that tokens of after a backup are taken, so that nobody forgets the setting.</summary>
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
