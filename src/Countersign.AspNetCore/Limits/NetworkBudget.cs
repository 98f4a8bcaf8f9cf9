namespace Countersign.AspNetCore.Limits;

/// <summary>
/// Counts how much of its minute each network of one width has left. A network may use a full minute's worth at once, and gets it back at the same rate (the
/// generic cell rate algorithm of ITU-T I.371). So no border between two windows doubles it. The caller must hold the lock.
/// </summary>
/// <param name="perMinute">How much a network may take a minute.</param>
/// <param name="remembersMinute">
/// Whether each network is remembered for a whole minute after its last take, and not only until it has got everything back.
/// </param>
internal sealed class NetworkBudget(long perMinute, bool remembersMinute = false)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Rounded down: if it were rounded up, the last one of the minute would not fit.
    private readonly TimeSpan _cost = TimeSpan.FromTicks(Window.Ticks / perMinute);

    // For each network, the time when it has its whole minute again, and the time of its last take.
    private readonly Dictionary<string, (TimeSpan Replenished, TimeSpan Taken)> _networks = new(StringComparer.Ordinal);
    private TimeSpan _nextSweep;

    /// <summary>The number of networks that are remembered now.</summary>
    public int Count => _networks.Count;

    /// <summary>How long the network must wait before it may take one; zero if it may take one now.</summary>
    public TimeSpan WaitOf(string network, TimeSpan now)
    {
        var wait = ReplenishedOf(network, now) + _cost - now - Window;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Takes one for the network. A new network is not remembered if there is no room.</summary>
    public void Take(string network, TimeSpan now)
    {
        if (_networks.ContainsKey(network) || HasRoom(now))
        {
            _networks[network] = (ReplenishedOf(network, now) + _cost, now);
        }
    }

    /// <summary>Whether the network has taken one within the last minute. Only a budget that remembers networks for a minute knows that.</summary>
    public bool HasTaken(string network, TimeSpan now) => _networks.TryGetValue(network, out var known) && IsWithinMinute(known.Taken, now);

    private static bool IsWithinMinute(TimeSpan taken, TimeSpan now) => taken + Window > now;

    private TimeSpan ReplenishedOf(string network, TimeSpan now) =>
        _networks.TryGetValue(network, out var known) && known.Replenished > now ? known.Replenished : now;

    private bool HasRoom(TimeSpan now)
    {
        if (_networks.Count < NetworkLimit.MaxNetworks)
        {
            return true;
        }

        // A full table is searched for old entries once a second, not at every request.
        if (now < _nextSweep)
        {
            return false;
        }

        _nextSweep = now + TimeSpan.FromSeconds(1);
        foreach (var (network, (replenished, taken)) in _networks)
        {
            if (replenished <= now && !(remembersMinute && IsWithinMinute(taken, now)))
            {
                _networks.Remove(network);
            }
        }

        return _networks.Count < NetworkLimit.MaxNetworks;
    }
}
