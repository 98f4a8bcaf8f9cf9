using System.Collections.Concurrent;
using Countersign.Tokens.Settings;
using Countersign.Tokens.Verified;

namespace Countersign.Tokens;

/// <summary>
/// Remembers tokens whose signature has been verified, so that the next request with the same bytes costs a look-up, whatever the algorithm. It decides
/// nothing: a <see cref="TokenValidator"/> checks each hit again, its key, times, issuer, audience, type and revocation, by its own policy and one reading of
/// the clock. Validators may share one. Safe for use by many threads; no look-up waits.
/// </summary>
/// <remarks>
/// Only tokens that were accepted enter, so that nobody without genuine tokens can fill it. What has not been used of late leaves first (CLOCK: a hand goes
/// round, passes over what was used since it came by, and takes the rest).
/// </remarks>
public sealed class VerifiedTokenCache
{
    /// <summary>The entries that are kept unless another number is asked for.</summary>
    public const int DefaultMaxEntries = 10_000;

    /// <summary>The bytes that are kept unless another number is asked for: 16 MiB.</summary>
    public const long DefaultMaxBytes = 16 * 1024 * 1024;

    private const int MostEntries = 1_000_000;
    private const int LeastBytes = 64 * 1024;
    private const int MostBytes = 1024 * 1024 * 1024;

    /// <summary>Slots that an insertion looks at before it takes one that was used, so that its time is bounded.</summary>
    private const int LongestSearch = 256;

    private readonly ConcurrentDictionary<ulong, VerifiedToken> _byHash;
    private readonly VerifiedToken?[] _ring;
    private readonly long _maxBytes;
    private long _bytes;
    private int _hand;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="maxEntries">Most tokens that are kept: 1 to 1,000,000.</param>
    /// <param name="maxBytes">Most memory in bytes, as estimated from what each token holds: 64 KiB to 1 GiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is outside its range.</exception>
    public VerifiedTokenCache(int maxEntries = DefaultMaxEntries, long maxBytes = DefaultMaxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxEntries, MostEntries);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, LeastBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, MostBytes);

        // No more slots than the memory can fill: the rest would take memory of its own, and the hand would walk over it for nothing.
        _ring = new VerifiedToken?[Math.Min(maxEntries, maxBytes / VerifiedToken.FixedBytes)];
        _maxBytes = maxBytes;
        _byHash = new ConcurrentDictionary<ulong, VerifiedToken>();
    }

    /// <summary>Number of tokens in the cache.</summary>
    public int Count => _byHash.Count;

    /// <summary>Estimated memory of the tokens in the cache, in bytes.</summary>
    public long Bytes => Math.Max(0, Volatile.Read(ref _bytes));

    /// <summary>What is in the table, and how many slots of the ring are taken: the same tokens whenever no insertion is under way.</summary>
    internal (ICollection<VerifiedToken> Entries, int Slots) Contents => (_byHash.Values, _ring.Count(static entry => entry is not null));

    /// <summary>Checks the options that a cache is made from. No entries mean no cache.</summary>
    internal static void Check(SettingCheck check, int verifiedTokenEntries, int verifiedTokenBytes)
    {
        check.Range("VerifiedTokenEntries", verifiedTokenEntries, 0, MostEntries);
        check.Range("VerifiedTokenBytes", verifiedTokenBytes, LeastBytes, MostBytes);
    }

    /// <summary>Finds a token by the end of its signature, and confirms it by comparing the whole.</summary>
    internal VerifiedToken? Find(ReadOnlySpan<byte> token) =>
        VerifiedToken.TryHash(token, out var hash) && _byHash.TryGetValue(hash, out var entry) && entry.Is(token) ? entry : null;

    /// <summary>The same for text.</summary>
    internal VerifiedToken? Find(ReadOnlySpan<char> token) =>
        VerifiedToken.TryHash(token, out var hash) && _byHash.TryGetValue(hash, out var entry) && entry.Is(token) ? entry : null;

    /// <summary>Takes in a token that has been accepted. A token of the same bytes under another key object is replaced.</summary>
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

        // The hand may have taken it from the ring before it stood in the table; then nobody else would ever take it from there.
        Interlocked.MemoryBarrier();
        if (entry.IsOut)
        {
            Forget(entry);
        }

        Trim();
    }

    /// <summary>Puts an entry into the ring, in an empty slot or in that of one that has not been used since the hand came by.</summary>
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

    /// <summary>Takes entries out until the memory is within its bound. Twice round passes every use mark.</summary>
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

    /// <summary>Ends an entry that the caller has just taken from the ring, which happens once.</summary>
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
