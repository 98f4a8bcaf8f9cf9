using Countersign.AspNetCore.Limits;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Clients;

/// <summary>
/// Counts clients' wrong secrets in this node's memory: for each client by network, and for each client as a whole. A network that has used up its failures
/// for a client is refused for this client only, before anything is compared. If many networks together have used up a client's failures, the networks that
/// failed for it within the last minute are refused for it. A right secret from another network is always compared. Ids of unknown clients share one count for
/// each network, so a stranger can't create entries.
/// </summary>
/// <remarks>
/// Only a failure counts, so a service that sends the right secret a thousand times a second is never limited. A failure is counted after the comparison, so
/// requests at the same moment may exceed the limit by the number of processors.
/// </remarks>
internal sealed class ClientFailures(IOptions<CountersignNetworkLimitOptions> options, SessionClock clock, ILogger<ClientAuthenticator> logger)
{
    /// <summary>The least time between two log lines, so that an attacker who guesses can't fill the log.</summary>
    private static readonly TimeSpan LogPause = TimeSpan.FromSeconds(10);

    private readonly NetworkLimit _networks = new(options.Value.ClientFailuresPerNetworkPerMinute, clock.Time, remembersMinute: true);
    private readonly NetworkLimit _unknown = new(options.Value.ClientFailuresPerNetworkPerMinute, clock.Time);
    private readonly NetworkLimit _clients = new(options.Value.ClientFailuresPerClientPerMinute, clock.Time);
    private readonly Lock _lock = new();
    private ITimer? _pause;
    private int _unsaid;
    private (string? Network, string Client) _last;

    /// <summary>Whether a client's secret may be compared.</summary>
    /// <param name="network">See <see cref="Limits.ClientAddress.Network"/>.</param>
    /// <param name="clientId">The id that the client sent; null if no client has this id.</param>
    /// <returns>Null if it may be compared; otherwise how long to wait.</returns>
    public TimeSpan? FindWait(string? network, string? clientId) => clientId is null
        ? _unknown.FindWait(network)
        : _networks.FindWait(network, clientId) ?? (_networks.HasTaken(network, clientId) ? _clients.FindWait(clientId) : null);

    /// <summary>Counts a failure, and logs it. If a line was written just before, the next line counts it.</summary>
    /// <param name="network">See <see cref="Limits.ClientAddress.Network"/>.</param>
    /// <param name="clientId">
    /// The id that the client sent; null if no client has this id. An unknown id is not logged, because it may be anything, even a secret.
    /// </param>
    public void Count(string? network, string? clientId)
    {
        if (clientId is null)
        {
            _unknown.TryTake(network);
        }
        else
        {
            _networks.TryTake(network, clientId);
            _clients.TryTake(clientId);
        }

        lock (_lock)
        {
            _unsaid++;
            _last = (network, clientId ?? "an unknown one");
            if (_pause is null)
            {
                Say();
                _pause = clock.Time.CreateTimer(static state => ((ClientFailures)state!).EndPause(), this, LogPause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void EndPause()
    {
        lock (_lock)
        {
            if (_unsaid > 0)
            {
                Say();
                _pause?.Change(LogPause, Timeout.InfiniteTimeSpan);
                return;
            }

            _pause?.Dispose();
            _pause = null;
        }
    }

    private void Say()
    {
        ClientLog.Failed(logger, _unsaid, _last.Client, _last.Network ?? "unknown");
        _unsaid = 0;
    }
}
