using System.Collections.Concurrent;
using Countersign.Tokens.Settings;
using Countersign.Tokens.Verified;

namespace Countersign.Tokens;

/// <summary>
/// Remembers tokens whose signature has been verified, so the next request with the same bytes costs only a look-up, with any algorithm. It decides nothing: a
/// <see cref="TokenValidator"/> checks key, times, issuer, audience, type and revocation of each hit again, under its own policy and with one reading of the
/// clock. Several validators may share one cache. Safe for use by many threads; a look-up never waits.
/// </summary>
/// <remarks>
/// Only accepted tokens are added, so a client without genuine tokens cannot fill it. Tokens that were not used recently are removed first, by the CLOCK
/// algorithm: a hand goes round, skips every token that was used since its last round, and removes the others.
/// </remarks>
public sealed class VerifiedTokenCache
{
    /// <summary>Default number of entries.</summary>
    public const int DefaultMaxEntries = 10_000;

    /// <summary>Default memory in bytes: 16 MiB.</summary>
    public const long DefaultMaxBytes = 16 * 1024 * 1024;

    private const int MostEntries = 1_000_000;
    private const int LeastBytes = 64 * 1024;
    private const int MostBytes = 1024 * 1024 * 1024;

    /// <summary>Most slots that an insertion examines before it takes one that was used. This limits its time.</summary>
    private const int LongestSearch = 256;

    private readonly ConcurrentDictionary<ulong, VerifiedToken> _byHash;
    private readonly VerifiedToken?[] _ring;
    private readonly long _maxBytes;
    private long _bytes;
    private int _hand;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="maxEntries">The largest number of tokens: 1 to 1,000,000.</param>
    /// <param name="maxBytes">The most memory in bytes, estimated from the content of each token: 64 KiB to 1 GiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is outside its range.</exception>
    public VerifiedTokenCache(int maxEntries = DefaultMaxEntries, long maxBytes = DefaultMaxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxEntries, MostEntries);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, LeastBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, MostBytes);

        // No more slots than the memory can fill: the others would take memory, and the hand would examine them for nothing.
        _ring = new VerifiedToken?[Math.Min(maxEntries, maxBytes / VerifiedToken.FixedBytes)];
        _maxBytes = maxBytes;
        _byHash = new ConcurrentDictionary<ulong, VerifiedToken>();
    }

    /// <summary>Number of tokens in the cache.</summary>
    public int Count => _byHash.Count;

    /// <summary>Estimated memory of the tokens in the cache, in bytes.</summary>
    public long Bytes => Math.Max(0, Volatile.Read(ref _bytes));

    /// <summary>The number of tokens in the table, and of taken slots in the ring. They hold the same tokens when no insertion is running.</summary>
    internal (ICollection<VerifiedToken> Entries, int Slots) Contents => (_byHash.Values, _ring.Count(static entry => entry is not null));

    /// <summary>Checks the options of a cache. 0 entries means no cache.</summary>
    internal static void Check(SettingCheck check, int verifiedTokenEntries, int verifiedTokenBytes)
    {
        check.Range("VerifiedTokenEntries", verifiedTokenEntries, 0, MostEntries);
        check.Range("VerifiedTokenBytes", verifiedTokenBytes, LeastBytes, MostBytes);
    }

    /// <summary>Finds a token by the end of its signature, then compares all bytes.</summary>
    internal VerifiedToken? Find(ReadOnlySpan<byte> token) =>
        VerifiedToken.TryHash(token, out var hash) && _byHash.TryGetValue(hash, out var entry) && entry.Is(token) ? entry : null;

    /// <summary>The same for UTF-16 text.</summary>
    internal VerifiedToken? Find(ReadOnlySpan<char> token) =>
        VerifiedToken.TryHash(token, out var hash) && _byHash.TryGetValue(hash, out var entry) && entry.Is(token) ? entry : null;

    /// <summary>Adds a token that was accepted. A token with the same bytes and another key object is replaced.</summary>
    internal void Add(VerifiedToken entry)
    {
        if (entry.Cost > _maxBytes || (_byHash.TryGetValue(entry.Hash, out var held) && held.IsSame(entry)))
        {
            return;
        }

        Place(entry);
        var added = _byHash.GetOrAdd(entry.Hash, entry);
        if (!ReferenceEquals(added, entry))
        {
            if (added.IsSame(entry) || !_byHash.TryUpdate(entry.Hash, entry, added))
            {
                // Another thread was first.
                Remove(entry);
                return;
            }

            Remove(added);
        }

        // The hand may have removed the entry from the ring before it was in the table. Then no other thread would remove it from the table.
        Interlocked.MemoryBarrier();
        if (entry.IsOut)
        {
            Forget(entry);
        }

        Trim();
    }

    /// <summary>Puts an entry into the ring: into an empty slot, or in place of an entry that was not used since the hand last passed.</summary>
    private void Place(VerifiedToken entry)
    {
        for (var looked = 0; ; looked++)
        {
            var slot = Advance();
            var occupant = Volatile.Read(ref _ring[slot]);
            if (occupant is not null && looked < LongestSearch && occupant.TakeUse())
            {
                continue;
            }

            entry.Slot = slot;
            if (Interlocked.CompareExchange(ref _ring[slot], entry, occupant) == occupant)
            {
                Interlocked.Add(ref _bytes, entry.Cost);
                if (occupant is not null)
                {
                    Drop(occupant);
                }

                return;
            }
        }
    }

    /// <summary>Removes entries until the memory is within its limit. Two rounds are enough to pass every mark.</summary>
    private void Trim()
    {
        for (var looked = 0L; Volatile.Read(ref _bytes) > _maxBytes && looked < 2L * _ring.Length; looked++)
        {
            var occupant = Volatile.Read(ref _ring[Advance()]);
            if (occupant?.TakeUse() is false)
            {
                Remove(occupant);
            }
        }
    }

    private void Remove(VerifiedToken entry)
    {
        if (Interlocked.CompareExchange(ref _ring[entry.Slot], null, entry) == entry)
        {
            Drop(entry);
        }
    }

    /// <summary>Ends an entry that the caller has just removed from the ring. This happens once for each entry.</summary>
    private void Drop(VerifiedToken entry)
    {
        Interlocked.Add(ref _bytes, -entry.Cost);
        entry.IsOut = true;
        Interlocked.MemoryBarrier();
        Forget(entry);
    }

    private void Forget(VerifiedToken entry) => _byHash.TryRemove(KeyValuePair.Create(entry.Hash, entry));

    private int Advance() => (int)((uint)Interlocked.Increment(ref _hand) % (uint)_ring.Length);
}
