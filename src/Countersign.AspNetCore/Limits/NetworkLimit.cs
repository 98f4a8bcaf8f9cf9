namespace Countersign.AspNetCore.Limits;

/// <summary>
/// How often a network may ask for one kind of work in a minute, counted by this node alone and in memory. A full minute's worth may come at once, then it
/// trickles at the same rate (the generic cell rate algorithm of ITU-T I.371), so that no border between two windows doubles them.
/// </summary>
internal sealed class NetworkLimit(int perMinute, TimeProvider time)
{
    /// <summary>
    /// So many networks are remembered at once, about two megabytes. Beyond, an attacker who has them all is let through to what holds against him anyway: the
    /// engine's queue, each account's own count, the writer's queue. The other way about he could shut everybody else out.
    /// </summary>
    public const int MaxNetworks = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Rounded down: rounded up, the last one of the minute would not fit.
    private readonly TimeSpan _cost = TimeSpan.FromTicks(Window.Ticks / perMinute);
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();

    // For each network, when it will have all of its minute again; on a clock that never jumps.
    private readonly Dictionary<string, TimeSpan> _replenished = new(StringComparer.Ordinal);
    private TimeSpan _nextSweep;

    /// <summary>Networks remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _replenished.Count;
            }
        }
    }

    /// <summary>Takes one.</summary>
    /// <param name="network">See <see cref="SignIn.ClientAddress.Network"/>. Null when it is not known: then nothing is counted, since one count for all that are unknown would let each shut out the others.</param>
    /// <returns>Null if it may go on; otherwise when another try is worthwhile, in whole seconds, at least one.</returns>
    public TimeSpan? TryTake(string? network)
    {
        if (network is null)
        {
            return null;
        }

        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            var replenished = _replenished.TryGetValue(network, out var known) && known > now ? known : now;
            var next = replenished + _cost;
            if (next - now > Window)
            {
                return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((next - now - Window).TotalSeconds)));
            }

            if (known != default || HasRoom(now))
            {
                _replenished[network] = next;
            }

            return null;
        }
    }

    private bool HasRoom(TimeSpan now)
    {
        if (_replenished.Count < MaxNetworks)
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

        return _replenished.Count < MaxNetworks;
    }
}
