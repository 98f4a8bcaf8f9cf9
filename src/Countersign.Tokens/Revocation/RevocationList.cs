using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Countersign.Tokens.Revocation;

/// <summary>
/// The sessions whose access tokens are refused although they have not expired yet, in memory, for use by many threads. An entry leaves by age
/// alone, measured on the monotonic clock (<see cref="TimeProvider.GetTimestamp"/>): a wall clock that jumps revives nothing.
/// </summary>
public sealed class RevocationList
{
    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _retention;
    private long _epoch;

    /// <summary>Makes an empty list.</summary>
    /// <param name="time">The clock; only its timestamps are used.</param>
    /// <param name="retention">How long an entry is kept: longer than any access token lives. More than zero.</param>
    public RevocationList(TimeProvider time, TimeSpan retention)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(retention, TimeSpan.Zero);
        _time = time;
        _retention = retention;
    }

    /// <summary>
    /// Tokens that carry a lower <c>epoch</c> are refused, and tokens of sessions that carry none once this is above 0. It never goes down.
    /// </summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Number of sessions in the list.</summary>
    public int Count => _entries.Count;

    /// <summary>
    /// Puts a session on the list. The first reason stays, with its age: adding again, as a loader does, neither renews nor rewrites. One exception:
    /// <see cref="RevocationReason.AccountDeleted"/> replaces <see cref="RevocationReason.AccountInactive"/>, since a deleted account is no inactive one.
    /// </summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="reason">Why.</param>
    /// <returns>True when the session was not on the list before.</returns>
    public bool Add(Guid sessionId, RevocationReason reason)
    {
        if (!Enum.IsDefined(reason))
        {
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "No such reason.");
        }

        var added = new Entry(reason, _time.GetTimestamp());
        while (!_entries.TryAdd(sessionId, added))
        {
            if (!_entries.TryGetValue(sessionId, out var held))
            {
                continue;
            }

            var replaces = reason == RevocationReason.AccountDeleted && held.Reason == RevocationReason.AccountInactive;
            if (!replaces || _entries.TryUpdate(sessionId, held with { Reason = reason }, held))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a session is on the list.</summary>
    /// <param name="sessionId">The <c>sid</c> of a token.</param>
    /// <param name="reason">Why it is there; unset (0) when it is not.</param>
    public bool TryFind(Guid sessionId, out RevocationReason reason)
    {
        var found = _entries.TryGetValue(sessionId, out var entry);
        reason = entry.Reason;
        return found;
    }

    /// <summary>Raises <see cref="Epoch"/>; a number that is not higher changes nothing.</summary>
    /// <param name="epoch">0 or more.</param>
    public void RaiseEpoch(long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        var held = Volatile.Read(ref _epoch);
        while (epoch > held)
        {
            var seen = Interlocked.CompareExchange(ref _epoch, epoch, held);
            if (seen == held)
            {
                return;
            }

            held = seen;
        }
    }

    /// <summary>What the list holds at this moment, in no order, to be compared with a table that should hold it too.</summary>
    public IReadOnlyList<KeyValuePair<Guid, RevocationReason>> Snapshot() =>
        [.. _entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Reason))];

    /// <summary>Forgets what is older than the retention. A timer of the list's owner calls it; skipping it costs memory only.</summary>
    /// <returns>How many entries left.</returns>
    public int Sweep()
    {
        var now = _time.GetTimestamp();
        var left = 0;
        foreach (var entry in _entries)
        {
            if (_time.GetElapsedTime(entry.Value.AddedAt, now) > _retention && _entries.TryRemove(entry))
            {
                left++;
            }
        }

        return left;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(RevocationReason Reason, long AddedAt);
}
