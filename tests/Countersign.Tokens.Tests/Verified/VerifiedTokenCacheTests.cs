using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Verified;

namespace Countersign.Tokens.Tests.Verified;

/// <summary>The cache alone: what it finds, what it lets go, and that it never holds more than it may.</summary>
public sealed class VerifiedTokenCacheTests
{
    private static readonly VerificationKey Key = SigningKey.Create(SignatureAlgorithm.HS256).VerificationKey;

    [Fact]
    public void Find_Added_IsConfirmedByTheWholeToken()
    {
        var cache = new VerifiedTokenCache();
        var token = Token(1, 300);
        var entry = Entry(token);
        cache.Add(entry);

        Assert.Same(entry, cache.Find(token));
        Assert.Same(entry, cache.Find(Encoding.ASCII.GetString(token)));
        for (var at = 0; at < token.Length; at++)
        {
            token[at] ^= 1;
            Assert.Null(cache.Find(token));
            Assert.Null(cache.Find(Encoding.Latin1.GetString(token)));
            token[at] ^= 1;
        }

        Assert.Null(cache.Find([.. token, (byte)'A']));
        Assert.Null(cache.Find([(byte)'A', .. token]));
        Assert.Null(cache.Find(token.AsSpan(1)));
        Assert.Null(cache.Find(token.AsSpan(^15..)));
        Assert.Null(cache.Find(""));
    }

    [Fact]
    public void Find_SameSignatureOnAnotherInput_IsNotFound()
    {
        var cache = new VerifiedTokenCache();
        var one = Token(1, 300);
        byte[] other = [.. Token(2, 200)[..^60], .. one[^60..]];
        cache.Add(Entry(one));
        Assert.Null(cache.Find(other));

        // Two tokens with one hash: the last one stays, and each is only ever found as itself.
        var entry = Entry(other);
        cache.Add(entry);

        Assert.Same(entry, cache.Find(other));
        Assert.Null(cache.Find(one));
        AssertConsistent(cache);
    }

    [Fact]
    public void Find_NoAscii_IsNotFound()
    {
        var cache = new VerifiedTokenCache();
        cache.Add(Entry(Token(1, 300)));

        Assert.Null(cache.Find(new string('é', 300)));
        Assert.Null(cache.Find(Encoding.ASCII.GetString(Token(1, 300))[..^1] + "\u0141"));
    }

    [Fact]
    public void Add_SameTokenTwice_IsHeldOnce()
    {
        var cache = new VerifiedTokenCache();
        var first = Entry(Token(1, 300));
        cache.Add(first);
        var bytes = cache.Bytes;

        cache.Add(Entry(Token(1, 300)));

        Assert.Same(first, cache.Find(Token(1, 300)));
        Assert.Equal((1, bytes), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Add_SameTokenUnderAnotherKeyObject_ReplacesIt()
    {
        var cache = new VerifiedTokenCache();
        using var other = SigningKey.Create(SignatureAlgorithm.HS256);
        cache.Add(Entry(Token(1, 300)));
        var second = Entry(Token(1, 300), other.VerificationKey);

        cache.Add(second);

        Assert.Same(second, cache.Find(Token(1, 300)));
        AssertConsistent(cache);
    }

    [Fact]
    public void Add_MoreThanEntries_KeepsTheBoundAndWhatIsInUse()
    {
        var cache = new VerifiedTokenCache(maxEntries: 100);
        var inUse = Entry(Token(0, 300));
        cache.Add(inUse);

        for (var i = 1; i < 10_000; i++)
        {
            inUse.MarkUsed();
            cache.Add(Entry(Token(i, 300)));
            Assert.InRange(cache.Count, 1, 100);
        }

        Assert.Same(inUse, cache.Find(Token(0, 300)));
        Assert.NotNull(cache.Find(Token(9_999, 300)));
        Assert.Null(cache.Find(Token(5_000, 300)));
        AssertConsistent(cache);
    }

    [Fact]
    public void Add_AllInUse_StillTakesTheNewOne()
    {
        var cache = new VerifiedTokenCache(maxEntries: 1000);
        for (var i = 0; i < 1000; i++)
        {
            cache.Add(Entry(Token(i, 300)));
        }

        foreach (var entry in cache.Contents.Entries)
        {
            entry.MarkUsed();
        }

        cache.Add(Entry(Token(1000, 300)));

        Assert.NotNull(cache.Find(Token(1000, 300)));
        Assert.Equal(1000, cache.Count);
        AssertConsistent(cache);
    }

    [Fact]
    public void Add_LargerThanTheWholeCache_IsNotTaken()
    {
        var cache = new VerifiedTokenCache(maxBytes: 64 * 1024);

        cache.Add(Entry(Token(1, 40_000), payloadBytes: 30_000));

        Assert.Equal((0, 0), (cache.Count, cache.Bytes));
    }

    /// <summary>A ring longer than the memory bound can fill would break that bound by itself, and be walked in vain.</summary>
    [Fact]
    public void Constructor_MoreEntriesThanFitIntoTheBytes_TakesNoRoomForThem()
    {
        VerifiedTokenCache cache = null!;
        var allocated = AllocatedMemory.Of(() => cache = new VerifiedTokenCache(maxEntries: 1_000_000, maxBytes: 64 * 1024));

        Assert.InRange(allocated, 1, 64 * 1024);
        for (var i = 0; i < 1000; i++)
        {
            cache.Add(Entry(Token(i, 16), payloadBytes: 0));
        }

        // As many as the bytes hold, and not as many as there happen to be slots.
        Assert.Equal(64 * 1024 / Entry(Token(0, 16), payloadBytes: 0).Cost, cache.Count);
        AssertConsistent(cache);
    }

    [Fact]
    public void Add_ManyThreads_TableAndRingAgree()
    {
        var cache = new VerifiedTokenCache(maxEntries: 50, maxBytes: 64 * 1024);
        var tokens = Enumerable.Range(0, 200).Select(i => Token(i, 300 + i)).ToArray();
        using var other = SigningKey.Create(SignatureAlgorithm.HS256);

        Parallel.For(0, 200_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var token = tokens[(i * 7919) % tokens.Length];
            if (cache.Find(token) is { } found)
            {
                Assert.True(found.Is(token));
                found.MarkUsed();
            }

            if (i % 3 != 0)
            {
                cache.Add(Entry(token, i % 11 == 0 ? other.VerificationKey : Key));
            }
        });

        AssertConsistent(cache);
        Assert.InRange(cache.Bytes, 1, 64 * 1024);
    }

    [Theory]
    [InlineData(0, 65_536)]
    [InlineData(-1, 65_536)]
    [InlineData(1_000_001, 65_536)]
    [InlineData(1, 65_535)]
    [InlineData(1, 1_073_741_825)]
    public void Constructor_OutOfRange_Throws(int entries, long bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new VerifiedTokenCache(entries, bytes));

    internal static void AssertConsistent(VerifiedTokenCache cache)
    {
        var (entries, slots) = cache.Contents;
        Assert.Equal(entries.Count, slots);
        Assert.Equal(entries.Sum(entry => (long)entry.Cost), cache.Bytes);
        Assert.All(entries, entry => Assert.False(entry.IsOut));
    }

    internal static byte[] Token(int seed, int length)
    {
        var token = new byte[length];
        for (var at = 0; at < length; at += 32)
        {
            Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(((long)seed << 32) + at)))).AsSpan(0, Math.Min(32, length - at))
                .CopyTo(token.AsSpan(at));
        }

        return token;
    }

    private static VerifiedToken Entry(byte[] token, VerificationKey? key = null, int payloadBytes = 200) =>
        new(token, new TokenClaims(Claims(), new byte[payloadBytes], key ?? Key), HeaderTyp.Access, audience: null);

    internal static ClaimsSet Claims() => new() { Subject = new ClaimText("42"), Type = TypeClaim.Access, ExpiresAt = 1 };
}
