using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Countersign.Tokens.Revocation;

/// <summary>
/// A hash table of sessions. One thread at a time writes; any number of threads read without a lock. A place keeps its session as long as the table lives, so
/// a reader never sees half of a session. A table that is full, or full of forgotten sessions, is copied into a new one.
/// </summary>
/// <remarks>
/// Nearly every look-up asks for a session that is not in the table. The array of places answers it: four bytes for each place, so the places of a million
/// sessions stay in a processor's cache. The sessions themselves would not fit. A place holds the number of its session and, in its other bits, a part of the
/// hash. Sessions are stored densely in chunks, 32 bytes each.
/// </remarks>
internal sealed class RevocationTable
{
    /// <summary>The value of <see cref="Entry.Reason"/> of a session that lives, and whose account has other claims now.</summary>
    public const byte ClaimsChanged = byte.MaxValue;

    private const int ChunkBits = 14;
    private const int ChunkSize = 1 << ChunkBits;
    private const uint LeastPlaces = 1 << 8;

    private readonly uint[] _places;
    private readonly Entry[][] _chunks;
    private readonly uint _mask;

    /// <summary>Makes a table.</summary>
    /// <param name="sessions">How many sessions it must be able to hold.</param>
    public RevocationTable(int sessions)
    {
        // At three quarters full, a look-up of a missing session reads about eight places, which are in one or two cache lines.
        var places = Math.Max(LeastPlaces, BitOperations.RoundUpToPowerOf2((uint)(sessions + (sessions / 3))));
        _mask = places - 1;
        _places = new uint[places];
        _chunks = new Entry[(Capacity / ChunkSize) + 1][];
    }

    /// <summary>How many sessions fit.</summary>
    public int Capacity => (int)((_mask + 1) / 4 * 3);

    /// <summary>How many places are taken, including those of forgotten sessions.</summary>
    public int Used { get; private set; }

    /// <summary>Whether one more session needs a new table.</summary>
    public bool IsFull => Used == Capacity;

    /// <summary>An entry by its number, below <see cref="Used"/>.</summary>
    public ref Entry this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>Finds what happened to a session. Any thread may call it.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="revision">For <see cref="ClaimsChanged"/>: the number from which on its tokens have the current claims.</param>
    /// <returns>A <see cref="RevocationReason"/>, or <see cref="ClaimsChanged"/>; 0 if the session is missing or forgotten.</returns>
    public byte Find(Guid sessionId, out long revision)
    {
        revision = 0;
        var index = IndexOf(sessionId, HashOf(sessionId), out _);
        if (index < 0)
        {
            return 0;
        }

        ref var entry = ref this[index];
        var reason = Volatile.Read(ref entry.Reason);

        // If the session is revoked between the two reads, the number is too high, and the token is refused as stale instead of revoked, once.
        revision = reason == ClaimsChanged ? Volatile.Read(ref entry.Stamp) : 0;
        return reason;
    }

    /// <summary>Finds a session's number. Any thread may call it.</summary>
    /// <returns>A negative number if the session is missing.</returns>
    public int IndexOf(Guid sessionId) => IndexOf(sessionId, HashOf(sessionId), out _);

    /// <summary>Adds a session that is missing. Only the writing thread calls it, and only while the table is not full.</summary>
    public void Insert(in Entry entry)
    {
        Debug.Assert(!IsFull, "The table is full.");
        var hash = HashOf(entry.SessionId);
        IndexOf(entry.SessionId, hash, out var place);
        (_chunks[Used >> ChunkBits] ??= new Entry[ChunkSize])[Used & (ChunkSize - 1)] = entry;
        Used++;

        // Write the place last: a thread that sees the place also sees the rest. Numbers in places begin with 1, so a taken place is never 0.
        Volatile.Write(ref _places[place], TagOf(hash) | (uint)Used);
    }

    private static ulong HashOf(Guid sessionId)
    {
        // The second half of our ids is random. The first half, a time, only separates ids that an app made by counting.
        var halves = MemoryMarshal.Cast<Guid, ulong>(new ReadOnlySpan<Guid>(in sessionId));
        var mixed = (halves[1] ^ BitOperations.RotateLeft(halves[0], 32)) * 0x9E37_79B9_7F4A_7C15;
        return mixed ^ (mixed >> 32);
    }

    private uint TagOf(ulong hash) => (uint)(hash >> 32) & ~_mask;

    private int IndexOf(Guid sessionId, ulong hash, out uint place)
    {
        var tag = TagOf(hash);
        for (place = (uint)hash & _mask; ; place = (place + 1) & _mask)
        {
            var held = Volatile.Read(ref _places[place]);
            if (held == 0)
            {
                return -1;
            }

            if ((held & ~_mask) == tag && (int)(held & _mask) - 1 is var index && this[index].SessionId == sessionId)
            {
                return index;
            }
        }
    }

    /// <summary>One session.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Entry
    {
        /// <summary>The id of the session. It never changes.</summary>
        public Guid SessionId;

        /// <summary>
        /// When it was revoked: UTC ticks on the clock of the revoking node; 0 if unknown. For <see cref="ClaimsChanged"/>: the number of the feed.
        /// </summary>
        public long Stamp;

        /// <summary>When it was added: seconds on the list's monotonic clock, rounded up.</summary>
        public uint AddedAt;

        /// <summary>The pass in which it was last named.</summary>
        public ushort Pass;

        /// <summary>A <see cref="RevocationReason"/>, or <see cref="ClaimsChanged"/>; 0 once the session is forgotten.</summary>
        public byte Reason;
    }
}
