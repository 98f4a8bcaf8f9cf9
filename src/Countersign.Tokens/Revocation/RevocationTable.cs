using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Countersign.Tokens.Revocation;

/// <summary>
/// A hash table of sessions that one thread at a time writes and any number read without a lock. A place that is taken keeps its session for as long as the table lives, so
/// a reader never sees half of one; a table that is full, or full of what is forgotten, is copied into another.
/// </summary>
/// <remarks>
/// Nearly every question is about a session that is not there, and its answer lies in the array of places alone: four bytes each, so that those of a million sessions
/// stay in a processor's cache where the sessions themselves would not. A place holds the number of its session and, in the bits that the number leaves, a part of
/// its hash. Sessions lie densely in chunks of their own, 32 bytes each.
/// </remarks>
internal sealed class RevocationTable
{
    private const int ChunkBits = 14;
    private const int ChunkSize = 1 << ChunkBits;
    private const uint LeastPlaces = 1 << 8;

    private readonly uint[] _places;
    private readonly Entry[][] _chunks;
    private readonly uint _mask;

    /// <summary>Makes a table.</summary>
    /// <param name="sessions">How many it has to hold before it is full.</param>
    public RevocationTable(int sessions)
    {
        // At three quarters, a session that is not there is found missing after some eight places, which share a line or two of the cache.
        var places = Math.Max(LeastPlaces, BitOperations.RoundUpToPowerOf2((uint)(sessions + (sessions / 3))));
        _mask = places - 1;
        _places = new uint[places];
        _chunks = new Entry[(Capacity / ChunkSize) + 1][];
    }

    /// <summary>How many sessions there is room for.</summary>
    public int Capacity => (int)((_mask + 1) / 4 * 3);

    /// <summary>How many places are taken, also by what has been forgotten.</summary>
    public int Used { get; private set; }

    /// <summary>Whether another session needs another table.</summary>
    public bool IsFull => Used == Capacity;

    /// <summary>An entry by its number, below <see cref="Used"/>.</summary>
    public ref Entry this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>Finds a session's reason; by any thread.</summary>
    /// <returns>0 if it is not there, or forgotten.</returns>
    public byte FindReason(Guid sessionId)
    {
        var index = IndexOf(sessionId, HashOf(sessionId), out _);
        return index < 0 ? (byte)0 : Volatile.Read(ref this[index].Reason);
    }

    /// <summary>Finds a session's number; by any thread.</summary>
    /// <returns>Negative if it has none.</returns>
    public int IndexOf(Guid sessionId) => IndexOf(sessionId, HashOf(sessionId), out _);

    /// <summary>Puts in a session that is not there; by the one thread that writes, while the table is not full.</summary>
    public void Insert(in Entry entry)
    {
        Debug.Assert(!IsFull, "The table is full.");
        var hash = HashOf(entry.SessionId);
        IndexOf(entry.SessionId, hash, out var place);
        (_chunks[Used >> ChunkBits] ??= new Entry[ChunkSize])[Used & (ChunkSize - 1)] = entry;
        Used++;

        // Last: whoever sees the place taken sees the rest. Numbers there begin with 1, so that no place which is taken is 0.
        Volatile.Write(ref _places[place], TagOf(hash) | (uint)Used);
    }

    private static ulong HashOf(Guid sessionId)
    {
        // Ids are made here and at random in their second half; the first half, a time, only keeps ids apart that an app made up by counting.
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
        /// <summary>Never changes.</summary>
        public Guid SessionId;

        /// <summary>UTC ticks on the clock of whoever revoked it; 0 if nobody said.</summary>
        public long RevokedAt;

        /// <summary>Seconds on the list's own monotonic clock, rounded up.</summary>
        public uint AddedAt;

        /// <summary>The pass in which it was last named.</summary>
        public ushort Pass;

        /// <summary>A <see cref="RevocationReason"/>; 0 once it is forgotten.</summary>
        public byte Reason;
    }
}
