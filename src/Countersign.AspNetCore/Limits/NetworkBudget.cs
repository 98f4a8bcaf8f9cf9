namespace Countersign.AspNetCore.Limits;

/// <summary>
/// What each network of one width has left of its minute. A full minute's worth may come at once, then it trickles at the same rate (the generic cell rate
/// algorithm of ITU-T I.371), so that no border between two windows doubles it. The caller holds the lock.
/// </summary>
/// <param name="perMinute">What a network may take a minute.</param>
/// <param name="remembersMinute">Whether each network is remembered for a whole minute after it took, and not only until what it took has come back.</param>
internal sealed class NetworkBudget(long perMinute, bool remembersMinute = false)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Rounded down: rounded up, the last one of the minute would not fit.
    private readonly TimeSpan _cost = TimeSpan.FromTicks(Window.Ticks / perMinute);

    // For each network, when it will have all of its minute again, and when it took last.
    private readonly Dictionary<string, (TimeSpan Replenished, TimeSpan Taken)> _networks = new(StringComparer.Ordinal);
    private TimeSpan _nextSweep;

    /// <summary>Networks remembered now.</summary>
    public int Count => _networks.Count;

    /// <summary>How long the network must wait before it may take one; zero if it may now.</summary>
    public TimeSpan WaitOf(string network, TimeSpan now)
    {
        var wait = ReplenishedOf(network, now) + _cost - now - Window;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Takes one for the network. A new network is not remembered where there is no room.</summary>
    public void Take(string network, TimeSpan now)
    {
        if (_networks.ContainsKey(network) || HasRoom(now))
        {
            _networks[network] = (ReplenishedOf(network, now) + _cost, now);
        }
    }

    /// <summary>Whether the network has taken anything within the last minute; only a budget that remembers for a minute can say.</summary>
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

        // A full table is looked through once a second, not once a request.
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
