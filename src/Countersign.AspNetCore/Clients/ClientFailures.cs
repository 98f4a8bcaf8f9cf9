using Countersign.AspNetCore.Limits;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Clients;

/// <summary>
/// Counts clients' wrong secrets in this node's memory, for each client by network and for each client as a whole. A network that has used up its failures as a
/// client is refused as that client, and as no other, before anything is compared. Once many networks together have used up a client's failures, those that
/// have failed as it within the last minute are refused as it: a right secret from elsewhere is always compared. Ids that no client has share one count of
/// each network, so that a stranger makes up no entries.
/// </summary>
/// <remarks>
/// Only a failure counts, so that a service which asks a thousand times a second with the right secret meets no limit. A failure is counted after the
/// comparison: requests of the same moment may exceed the limit by as many as there are processors.
/// </remarks>
internal sealed class ClientFailures(IOptions<CountersignNetworkLimitOptions> options, SessionClock clock, ILogger<ClientAuthenticator> logger)
{
    /// <summary>So often a line is written at most: who guesses must not fill the log.</summary>
    private static readonly TimeSpan LogPause = TimeSpan.FromSeconds(10);

    private readonly NetworkLimit _networks = new(options.Value.ClientFailuresPerNetworkPerMinute, clock.Time, remembersMinute: true);
    private readonly NetworkLimit _unknown = new(options.Value.ClientFailuresPerNetworkPerMinute, clock.Time);
    private readonly NetworkLimit _clients = new(options.Value.ClientFailuresPerClientPerMinute, clock.Time);
    private readonly Lock _lock = new();
    private ITimer? _pause;
    private int _unsaid;
    private (string? Network, string Client) _last;

    /// <summary>Whether a client may be compared.</summary>
    /// <param name="network">See <see cref="Limits.ClientAddress.Network"/>.</param>
    /// <param name="clientId">The id that it claims; null if no client has it.</param>
    /// <returns>Null if it may; otherwise when another try is worthwhile.</returns>
    public TimeSpan? FindWait(string? network, string? clientId) => clientId is null
        ? _unknown.FindWait(network)
        : _networks.FindWait(network, clientId) ?? (_networks.HasTaken(network, clientId) ? _clients.FindWait(clientId) : null);

    /// <summary>Counts a failure, and logs it unless a line was written just now: then the next line counts it.</summary>
    /// <param name="network">As above.</param>
    /// <param name="clientId">As above: an invented id is not logged, since it may be anything, a secret too.</param>
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
