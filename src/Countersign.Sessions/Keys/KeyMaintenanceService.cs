using System.Security.Cryptography;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Keys;

/// <summary>
/// Loads the keys before the service takes requests, and logs what may need action by the operator. Then it checks the keys once a minute: it promotes a next
/// key that is due, and deletes keys that are no longer needed.
/// </summary>
/// <remarks>
/// Each node begins at a random moment of the minute, so that nodes do not all try at once. If they do, one succeeds. The table is read each time, because
/// after a restored backup an already known version can have other keys. A shared secret is loaded once.
/// </remarks>
internal sealed class KeyMaintenanceService(
    IKeySource keys,
    KeyService service,
    KeySettings settings,
    SessionClock clock,
    ILogger<KeyMaintenanceService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken).ConfigureAwait(false);
        if (!service.IsSharedSecret)
        {
            Report(await service.ListAsync(cancellationToken).ConfigureAwait(false));
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (keys is not StoredKeySource stored)
        {
            return;
        }

        try
        {
            var moment = TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)Period.TotalMilliseconds));
            await Task.Delay(moment, clock.Time, stoppingToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(Period, clock.Time);
            do
            {
                await TryMaintainAsync(stored, stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryMaintainAsync(StoredKeySource stored, CancellationToken cancellationToken)
    {
        try
        {
            await stored.MaintainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The loaded keys stay in use. Overdue changes are made when the database is back.
            Log.KeysNotMaintained(logger, exception);
        }
    }

    private void Report(IReadOnlyList<KeyDescription> stored)
    {
        if (settings.PublicationLead <= KeySettings.StockVerifierInterval)
        {
            Log.LeadIsShort(logger, settings.PublicationLead, KeySettings.StockVerifierInterval);
        }

        var waiting = stored.Count(static key => key.Encryption == KeyEncryption.PreviousMasterKey);
        if (waiting > 0)
        {
            Log.PreviousMasterKeyNeeded(logger, waiting);
        }

        var others = stored
            .Where(static key => key is { Use: KeyUse.AccessToken, State: KeyState.Current or KeyState.Next })
            .Where(key => !string.Equals(key.Algorithm, settings.Algorithm.Name, StringComparison.Ordinal))
            .Select(static key => $"{key.KeyId} ({key.State.ToString().ToLowerInvariant()}, {key.Algorithm})")
            .ToList();
        if (others.Count > 0)
        {
            Log.OtherAlgorithm(logger, settings.Algorithm.Name, string.Join(", ", others));
        }
    }
}
