namespace Countersign.Tokens.Revocation;

/// <summary>
/// The revoked sessions whose access tokens have not expired yet. It is kept in memory and is safe for use by many threads; a look-up takes no lock. An entry
/// is removed when it is old on the monotonic clock (<see cref="TimeProvider.GetTimestamp"/>). If the instant of the revocation is known, the entry must also
/// be old on the clock of that instant. So a clock that jumps never makes a revoked token valid again.
/// </summary>
/// <remarks>A million entries take about 40 MB, and twice that while the list grows.</remarks>
public sealed class RevocationList
{
    /// <summary>The list is rebuilt when forgotten entries take this part of its places.</summary>
    private const int ForgottenShare = 4;

    private readonly Lock _writing = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _retention;
    private readonly long _origin;
    private RevocationTable _table = new(0);
    private ushort _pass;
    private int _count;
    private long _epoch;

    /// <summary>Makes an empty list.</summary>
    /// <param name="time">The clock; only its timestamps are used.</param>
    /// <param name="retention">How long an entry is kept: longer than the lifetime of any access token. More than zero.</param>
    public RevocationList(TimeProvider time, TimeSpan retention)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(retention, TimeSpan.Zero);
        _time = time;
        _retention = retention;
        _origin = time.GetTimestamp();
    }

    /// <summary>
    /// Tokens with a lower <c>epoch</c> are refused. If this is above 0, tokens of sessions without <c>epoch</c> are refused too. It never goes down.
    /// </summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Number of sessions in the list.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a session whose revocation has no known instant. Only the monotonic clock decides when the entry is removed.</summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="reason">Why the session was revoked.</param>
    /// <returns>True if the session was not on the list before.</returns>
    /// <remarks>The first reason stays, see <see cref="Add(Guid, RevocationReason, DateTimeOffset)"/>.</remarks>
    public bool Add(Guid sessionId, RevocationReason reason) => Add(sessionId, reason, 0);

    /// <summary>
    /// Adds a session. If the session is on the list already, its first reason and its age stay. One exception: <see cref="RevocationReason.AccountDeleted"/>
    /// replaces <see cref="RevocationReason.AccountInactive"/>, because a deleted account is not an inactive one.
    /// </summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="reason">Why the session was revoked.</param>
    /// <param name="revokedAt">When it was revoked, on the clock that <see cref="Sweep"/> reads.</param>
    /// <returns>True if the session was not on the list before.</returns>
    public bool Add(Guid sessionId, RevocationReason reason, DateTimeOffset revokedAt) => Add(sessionId, reason, revokedAt.UtcTicks);

    /// <summary>Whether a session is on the list.</summary>
    /// <param name="sessionId">The <c>sid</c> of a token.</param>
    /// <param name="reason">Why it is on the list; unset (0) if it is not.</param>
    public bool TryFind(Guid sessionId, out RevocationReason reason)
    {
        reason = (RevocationReason)Volatile.Read(ref _table).FindReason(sessionId);
        return reason != 0;
    }

    /// <summary>Raises <see cref="Epoch"/>. A number that is not higher changes nothing.</summary>
    /// <param name="epoch">0 or more.</param>
    public void RaiseEpoch(long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        lock (_writing)
        {
            Volatile.Write(ref _epoch, Math.Max(epoch, _epoch));
        }
    }

    /// <summary>Removes entries that are older than the retention. The owner of the list calls it on a timer. Skipping a call only costs memory.</summary>
    /// <param name="now">
    /// The current time, on the clock from which the instants of revocations come. An entry with an instant stays until it is old on this clock too. Null: only
    /// entries without an instant can be removed.
    /// </param>
    /// <returns>How many entries were removed.</returns>
    public int Sweep(DateTimeOffset? now = null)
    {
        lock (_writing)
        {
            var elapsed = _time.GetElapsedTime(_origin);
            var forgotten = 0;
            for (var i = 0; i < _table.Used; i++)
            {
                ref var entry = ref _table[i];
                if (entry.Reason != 0
                    && elapsed - TimeSpan.FromSeconds(entry.AddedAt) > _retention
                    && (entry.RevokedAt == 0 || now?.UtcTicks - entry.RevokedAt > _retention.Ticks))
                {
                    Volatile.Write(ref entry.Reason, 0);
                    forgotten++;
                }
            }

            _count -= forgotten;
            if (_table.Used - _count > _table.Used / ForgottenShare)
            {
                Copy(_count);
            }

            return forgotten;
        }
    }

    /// <summary>
    /// Begins to compare the list with a table that should hold the same entries. Every later call of an Add method marks its entry as named, also if it was
    /// there before.
    /// </summary>
    internal void BeginPass()
    {
        lock (_writing)
        {
            // The number repeats after 65,536 passes. With one pass a minute, no entry is as old.
            _pass++;
        }
    }

    /// <summary>Finds the entries that were on the list when the pass began and that were not named since.</summary>
    /// <param name="since">Only entries that were revoked at this instant or later. Entries without a known instant are not found.</param>
    /// <param name="limit">The largest number of entries to find.</param>
    internal IReadOnlyList<(Guid SessionId, RevocationReason Reason, DateTimeOffset RevokedAt)> FindUnnamed(DateTimeOffset since, int limit)
    {
        List<(Guid SessionId, RevocationReason Reason, DateTimeOffset RevokedAt)> unnamed = [];
        lock (_writing)
        {
            for (var i = 0; i < _table.Used && unnamed.Count < limit; i++)
            {
                ref var entry = ref _table[i];
                if (entry.Reason != 0 && entry.Pass != _pass && entry.RevokedAt != 0 && entry.RevokedAt >= since.UtcTicks)
                {
                    unnamed.Add((entry.SessionId, (RevocationReason)entry.Reason, new DateTimeOffset(entry.RevokedAt, TimeSpan.Zero)));
                }
            }
        }

        return unnamed;
    }

    private bool Add(Guid sessionId, RevocationReason reason, long revokedAt)
    {
        if (!Enum.IsDefined(reason))
        {
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "There is no such reason.");
        }

        lock (_writing)
        {
            var addedAt = (uint)Math.Ceiling(_time.GetElapsedTime(_origin).TotalSeconds);
            var index = _table.IndexOf(sessionId);
            if (index < 0)
            {
                Insert(new RevocationTable.Entry { SessionId = sessionId, RevokedAt = revokedAt, AddedAt = addedAt, Pass = _pass, Reason = (byte)reason });
                return true;
            }

            ref var held = ref _table[index];
            held.Pass = _pass;
            var wasForgotten = held.Reason == 0;
            if (wasForgotten)
            {
                (held.RevokedAt, held.AddedAt) = (revokedAt, addedAt);
                _count++;
            }

            if (wasForgotten || (reason == RevocationReason.AccountDeleted && held.Reason == (byte)RevocationReason.AccountInactive))
            {
                Volatile.Write(ref held.Reason, (byte)reason);
            }

            return wasForgotten;
        }
    }

    private void Insert(in RevocationTable.Entry entry)
    {
        if (_table.IsFull)
        {
            // Twice the number of entries, so that copying costs a fixed amount for each session, however many there are.
            Copy(_count * 2);
        }

        _table.Insert(entry);
        _count++;
    }

    /// <summary>Copies the entries that are not forgotten into a new table. Readers find their entry in either table.</summary>
    private void Copy(int sessions)
    {
        var copy = new RevocationTable(Math.Max(sessions, _count + 1));
        for (var i = 0; i < _table.Used; i++)
        {
            if (_table[i].Reason != 0)
            {
                copy.Insert(_table[i]);
            }
        }

        Volatile.Write(ref _table, copy);
    }
}
