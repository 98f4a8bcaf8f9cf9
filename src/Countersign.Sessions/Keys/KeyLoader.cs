using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Keys;

/// <summary>Loads the keys before the service takes requests, and says what an operator would not see otherwise.</summary>
internal sealed class KeyLoader(IKeySource keys, KeyService service, KeySettings settings, ILogger<KeyLoader> logger) : IHostedService
{
    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken).ConfigureAwait(false);
        if (!service.IsSharedSecret)
        {
            Report(await service.ListAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Report(IReadOnlyList<KeyDescription> stored)
    {
        if (settings.Lead <= KeySettings.StockVerifierInterval)
        {
            Log.LeadIsShort(logger, settings.Lead, KeySettings.StockVerifierInterval);
        }

        var waiting = stored.Count(static key => key.Encryption == KeyEncryption.PreviousMasterKey);
        if (waiting > 0)
        {
            Log.PreviousMasterKeyNeeded(logger, waiting);
        }

        var others = stored
            .Where(key => key is { Use: KeyUse.AccessToken, State: KeyState.Current or KeyState.Next } && !string.Equals(key.Algorithm, settings.Algorithm.Name, StringComparison.Ordinal))
            .Select(static key => $"{key.KeyId} ({key.State.ToString().ToLowerInvariant()}, {key.Algorithm})")
            .ToList();
        if (others.Count > 0)
        {
            Log.OtherAlgorithm(logger, settings.Algorithm.Name, string.Join(", ", others));
        }
    }
}
