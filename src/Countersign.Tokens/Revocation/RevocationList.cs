namespace Countersign.Tokens.Revocation;

/// <summary>
/// The sessions whose access tokens are refused although they have not expired yet, in memory, for use by many threads: asking takes no lock. An entry leaves by age
/// alone, on the monotonic clock (<see cref="TimeProvider.GetTimestamp"/>) and, where the instant of the revocation is known, on the clock that it was taken from as
/// well: a clock that jumps revives nothing.
/// </summary>
/// <remarks>A million entries take about 40 MB, and twice that for the moment in which the list grows.</remarks>
public sealed class RevocationList
{
    /// <summary>What is forgotten keeps its place until so large a part of the places is taken by it.</summary>
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
    /// <param name="retention">How long an entry is kept: longer than any access token lives. More than zero.</param>
    public RevocationList(TimeProvider time, TimeSpan retention)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(retention, TimeSpan.Zero);
        _time = time;
        _retention = retention;
        _origin = time.GetTimestamp();
    }

    /// <summary>
    /// Tokens that carry a lower <c>epoch</c> are refused, and tokens of sessions that carry none once this is above 0. It never goes down.
    /// </summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Number of sessions in the list.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts a session on the list whose revocation has no known instant: it leaves by the monotonic clock alone.</summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="reason">Why.</param>
    /// <returns>True when the session was not on the list before.</returns>
    /// <remarks>As <see cref="Add(Guid, RevocationReason, DateTimeOffset)"/>.</remarks>
    public bool Add(Guid sessionId, RevocationReason reason) => Add(sessionId, reason, 0);

    /// <summary>
    /// Puts a session on the list. The first reason stays, with its age: adding again, as a loader does, neither renews nor rewrites. One exception:
    /// <see cref="RevocationReason.AccountDeleted"/> replaces <see cref="RevocationReason.AccountInactive"/>, since a deleted account is no inactive one.
    /// </summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="reason">Why.</param>
    /// <param name="revokedAt">When, on the clock whose reading <see cref="Sweep"/> is given.</param>
    /// <returns>True when the session was not on the list before.</returns>
    public bool Add(Guid sessionId, RevocationReason reason, DateTimeOffset revokedAt) => Add(sessionId, reason, revokedAt.UtcTicks);

    /// <summary>Whether a session is on the list.</summary>
    /// <param name="sessionId">The <c>sid</c> of a token.</param>
    /// <param name="reason">Why it is there; unset (0) when it is not.</param>
    public bool TryFind(Guid sessionId, out RevocationReason reason)
    {
        reason = (RevocationReason)Volatile.Read(ref _table).FindReason(sessionId);
        return reason != 0;
    }

    /// <summary>Raises <see cref="Epoch"/>; a number that is not higher changes nothing.</summary>
    /// <param name="epoch">0 or more.</param>
    public void RaiseEpoch(long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        lock (_writing)
        {
            Volatile.Write(ref _epoch, Math.Max(epoch, _epoch));
        }
    }

    /// <summary>Forgets what is older than the retention. A timer of the list's owner calls it; skipping it costs memory only.</summary>
    /// <param name="now">
    /// The clock that the instants of revocations were taken from: an entry with an instant stays until it is old on this clock too. Null counts no entry as old on it but
    /// those without an instant.
    /// </param>
    /// <returns>How many entries left.</returns>
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

    /// <summary>Begins to compare the list with a table that should hold the same: from here on, all that is added counts as named, also what was there before.</summary>
    internal void BeginPass()
    {
        lock (_writing)
        {
            // A number comes round after 65,536 passes; at one a minute, no entry is as old.
            _pass++;
        }
    }

    /// <summary>What was on the list when the pass began and was not named since.</summary>
    /// <param name="since">Only what was revoked at this instant or later; without a known instant nothing is found.</param>
    /// <param name="limit">At most so many.</param>
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
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "No such reason.");
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
            // Twice what it holds, so that copying costs each session a fixed share however many there are.
            Copy(_count * 2);
        }

        _table.Insert(entry);
        _count++;
    }

    /// <summary>Copies what is not forgotten into a table of its own; readers find in either what they look for.</summary>
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
