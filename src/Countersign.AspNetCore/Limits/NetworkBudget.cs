namespace Countersign.AspNetCore.Limits;

/// <summary>
/// What each network of one width has left of its minute. A full minute's worth may come at once, then it trickles at the same rate (the generic cell rate
/// algorithm of ITU-T I.371), so that no border between two windows doubles it. The caller holds the lock.
/// </summary>
internal sealed class NetworkBudget(long perMinute)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Rounded down: rounded up, the last one of the minute would not fit.
    private readonly TimeSpan _cost = TimeSpan.FromTicks(Window.Ticks / perMinute);

    // For each network, when it will have all of its minute again.
    private readonly Dictionary<string, TimeSpan> _replenished = new(StringComparer.Ordinal);
    private TimeSpan _nextSweep;

    /// <summary>Networks remembered now.</summary>
    public int Count => _replenished.Count;

    /// <summary>How long the network must wait before it may take one; zero if it may now.</summary>
    public TimeSpan WaitOf(string network, TimeSpan now)
    {
        var wait = ReplenishedOf(network, now) + _cost - now - Window;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Takes one for the network. A new network is not remembered where there is no room.</summary>
    public void Take(string network, TimeSpan now)
    {
        if (_replenished.ContainsKey(network) || HasRoom(now))
        {
            _replenished[network] = ReplenishedOf(network, now) + _cost;
        }
    }

    /// <summary>Whether the network has taken anything that has not come back yet.</summary>
    public bool HasTaken(string network, TimeSpan now) => ReplenishedOf(network, now) > now;

    private TimeSpan ReplenishedOf(string network, TimeSpan now) => _replenished.TryGetValue(network, out var known) && known > now ? known : now;

    private bool HasRoom(TimeSpan now)
    {
        if (_replenished.Count < NetworkLimit.MaxNetworks)
        {
            return true;
        }

        // A full table is looked through once a second, not once a request.
        if (now < _nextSweep)
        {
            return false;
        }

        _nextSweep = now + TimeSpan.FromSeconds(1);
        foreach (var (network, replenished) in _replenished)
        {
            if (replenished <= now)
            {
                _replenished.Remove(network);
            }
        }

        return _replenished.Count < NetworkLimit.MaxNetworks;
    }
}
