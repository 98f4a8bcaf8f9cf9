namespace Countersign.Tokens.Revocation;

/// <summary>
/// The revoked sessions whose access tokens have not expired yet, and the sessions whose accounts got other claims in that time. It is kept in memory and is
/// safe for use by many threads; a look-up takes no lock. An entry
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
    private long _staleBefore;

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

    /// <summary>
    /// Tokens of sessions whose <c>rev</c> is lower are stale, because a role has changed. A token without <c>rev</c> counts as 0. Only
    /// <see cref="LowerClaimsChanges"/> lowers it.
    /// </summary>
    public long StaleBefore => Volatile.Read(ref _staleBefore);

    /// <summary>Number of sessions in the list, revoked or with changed claims.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a session whose revocation has no known instant. Only the monotonic clock decides when the entry is removed.</summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="reason">Why the session was revoked.</param>
    /// <returns>True if the session was not revoked before.</returns>
    /// <remarks>The first reason stays, see <see cref="Add(Guid, RevocationReason, DateTimeOffset)"/>.</remarks>
    public bool Add(Guid sessionId, RevocationReason reason) => Add(sessionId, reason, 0);

    /// <summary>
    /// Adds a session. If the session is on the list already, its first reason and its age stay. One exception: <see cref="RevocationReason.AccountDeleted"/>
    /// replaces <see cref="RevocationReason.AccountInactive"/>, because a deleted account is not an inactive one.
    /// </summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="reason">Why the session was revoked.</param>
    /// <param name="revokedAt">When it was revoked, on the clock that <see cref="Sweep"/> reads.</param>
    /// <returns>True if the session was not revoked before.</returns>
    public bool Add(Guid sessionId, RevocationReason reason, DateTimeOffset revokedAt) => Add(sessionId, reason, revokedAt.UtcTicks);

    /// <summary>Adds a session whose account got other claims. Its tokens are stale, and the session lives. A revoked session stays revoked.</summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="revision">Tokens with a lower <c>rev</c> are stale; 1 or more. Of several numbers the highest counts.</param>
    public void AddClaimsChange(Guid sessionId, long revision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(revision, 1);
        lock (_writing)
        {
            var index = _table.IndexOf(sessionId);
            if (index < 0)
            {
                Insert(NewEntry(sessionId, revision, RevocationTable.ClaimsChanged));
                return;
            }

            ref var held = ref _table[index];
            held.Pass = _pass;
            if (held.Reason is not (0 or RevocationTable.ClaimsChanged))
            {
                return;
            }

            // The number before the reason: a reader that sees the reason also sees the number.
            _count += held.Reason == 0 ? 1 : 0;
            held.AddedAt = Age();
            Volatile.Write(ref held.Stamp, held.Reason == 0 ? revision : Math.Max(held.Stamp, revision));
            Volatile.Write(ref held.Reason, RevocationTable.ClaimsChanged);
        }
    }

    /// <summary>Whether a session was revoked.</summary>
    /// <param name="sessionId">The <c>sid</c> of a token.</param>
    /// <param name="reason">Why it was revoked; unset (0) if it was not.</param>
    public bool TryFind(Guid sessionId, out RevocationReason reason) => TryFind(sessionId, long.MaxValue, out reason, out _);

    /// <summary>Whether a token of a session was issued before the account got other claims.</summary>
    /// <param name="sessionId">Its <c>sid</c>.</param>
    /// <param name="revision">Its <c>rev</c>; 0 if it has none.</param>
    public bool IsStale(Guid sessionId, long revision)
    {
        TryFind(sessionId, revision, out _, out var isStale);
        return isStale;
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

    /// <summary>Raises <see cref="StaleBefore"/>. A number that is not higher changes nothing.</summary>
    /// <param name="revision">0 or more.</param>
    public void RaiseStaleBefore(long revision)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        lock (_writing)
        {
            Volatile.Write(ref _staleBefore, Math.Max(revision, _staleBefore));
        }
    }

    /// <summary>
    /// Lowers all numbers of <see cref="AddClaimsChange"/>, and <see cref="StaleBefore"/>, that are above a number. A restored database numbers its feed anew,
    /// from a lower number on: without this, the tokens that it issues now would be stale for ever. Revoked sessions stay.
    /// </summary>
    /// <param name="revision">The feed's number now; 0 or more.</param>
    public void LowerClaimsChanges(long revision)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        lock (_writing)
        {
            Volatile.Write(ref _staleBefore, Math.Min(revision, _staleBefore));
            for (var i = 0; i < _table.Used; i++)
            {
                ref var entry = ref _table[i];
                if (entry.Reason == RevocationTable.ClaimsChanged)
                {
                    Volatile.Write(ref entry.Stamp, Math.Min(revision, entry.Stamp));
                }
            }
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
                    && (entry.Reason == RevocationTable.ClaimsChanged || entry.Stamp == 0 || now?.UtcTicks - entry.Stamp > _retention.Ticks))
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

    /// <summary>Finds what a token's session has on the list, in one look-up.</summary>
    /// <param name="sessionId">Its <c>sid</c>.</param>
    /// <param name="revision">Its <c>rev</c>; 0 if it has none.</param>
    /// <param name="reason">Why the session was revoked; unset (0) if it was not.</param>
    /// <param name="isStale">Whether the session lives, and the token was issued before its account got other claims.</param>
    /// <returns>Whether the session was revoked.</returns>
    internal bool TryFind(Guid sessionId, long revision, out RevocationReason reason, out bool isStale)
    {
        var found = Volatile.Read(ref _table).Find(sessionId, out var changed);
        if (found is 0 or RevocationTable.ClaimsChanged)
        {
            reason = 0;
            isStale = revision < changed || revision < StaleBefore;
            return false;
        }

        reason = (RevocationReason)found;
        isStale = false;
        return true;
    }

    /// <summary>Finds the revocations that were on the list when the pass began and that were not named since.</summary>
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
                if (entry.Reason is not (0 or RevocationTable.ClaimsChanged) && entry.Pass != _pass && entry.Stamp != 0 && entry.Stamp >= since.UtcTicks)
                {
                    unnamed.Add((entry.SessionId, (RevocationReason)entry.Reason, new DateTimeOffset(entry.Stamp, TimeSpan.Zero)));
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
            var index = _table.IndexOf(sessionId);
            if (index < 0)
            {
                Insert(NewEntry(sessionId, revokedAt, (byte)reason));
                return true;
            }

            ref var held = ref _table[index];
            held.Pass = _pass;
            var (wasForgotten, wasLive) = (held.Reason == 0, held.Reason is 0 or RevocationTable.ClaimsChanged);
            _count += wasForgotten ? 1 : 0;
            if (wasLive || (reason == RevocationReason.AccountDeleted && held.Reason == (byte)RevocationReason.AccountInactive))
            {
                Volatile.Write(ref held.Reason, (byte)reason);
            }

            if (wasLive)
            {
                // After the reason: a reader takes the stamp for a number of the feed only while the reason says so.
                held.AddedAt = Age();
                Volatile.Write(ref held.Stamp, revokedAt);
            }

            return wasLive;
        }
    }

    private RevocationTable.Entry NewEntry(Guid sessionId, long stamp, byte reason) =>
        new() { SessionId = sessionId, Stamp = stamp, AddedAt = Age(), Pass = _pass, Reason = reason };

    /// <summary>Seconds on the list's monotonic clock, rounded up.</summary>
    private uint Age() => (uint)Math.Ceiling(_time.GetElapsedTime(_origin).TotalSeconds);

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
