using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Verified;

namespace Countersign.Tokens.Tests.Verified;

/// <summary>The bound on memory: it is kept by an estimate, which must be near the truth, and what has left must really be gone.</summary>
public sealed class VerifiedTokenMemoryTests
{
    /// <summary>A client with a million genuine tokens of the largest size fills the cache and no more.</summary>
    [Fact]
    public void Add_ManyLargeTokens_MemoryStaysWithinTheBound()
    {
        var cache = new VerifiedTokenCache();
        var watched = new List<WeakReference>();

        Fill(cache, watched);

        Assert.InRange(cache.Count, 1000, 1200);
        VerifiedTokenCacheTests.AssertConsistent(cache);
        GC.Collect();
        Assert.InRange(watched.Count(entry => entry.IsAlive), cache.Count, cache.Count + 2);
        GC.KeepAlive(cache);
    }

    /// <summary>What a first check takes and keeps is what the estimate says, and ten thousand common tokens fit.</summary>
    [Fact]
    public void Bytes_TenThousandCommonTokens_AreWhatWasAllocated()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var issuer = forge.TokenIssuer;
        var tokens = Enumerable.Range(0, 10_001).Select(_ => issuer.CreateAccessToken(Guid.CreateVersion7().ToString("D")).Value).ToList();
        var cache = new VerifiedTokenCache();
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, cache);
        validator.TryValidate(tokens[0], out _, out _);
        var (before, estimatedBefore) = (GC.GetAllocatedBytesForCurrentThread(), cache.Bytes);

        for (var i = 1; i < 10_000; i++)
        {
            validator.TryValidate(tokens[i], out _, out _);
        }

        // The table that grows leaves its smaller selves behind, which is why more is allocated than kept.
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(10_000, cache.Count);
        Assert.InRange(cache.Bytes - estimatedBefore, allocated * 8 / 10, allocated * 12 / 10);
        VerifiedTokenCacheTests.AssertConsistent(cache);
    }

    /// <summary>A text that is not the policy's own is kept beside the payload that it came from, in two bytes a letter.</summary>
    [Fact]
    public void Bytes_ClientOfAnotherName_AreCounted()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var name = '"' + new string('c', 4000) + '"';

        var unread = BytesOf(forge, Forge.Claims(("other_name", name)));
        var read = BytesOf(forge, Forge.Claims(("client_id", name)));

        Assert.InRange(read - unread, 8000 - 100, 8000 + 100);
    }

    private static long BytesOf(Forge forge, string claims)
    {
        var cache = new VerifiedTokenCache();
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, cache);
        Assert.True(validator.TryValidate(forge.Token(claims: claims), out _, out var error), $"refused: {error}");
        return cache.Bytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(VerifiedTokenCache cache, List<WeakReference> watched)
    {
        var token = VerifiedTokenCacheTests.Token(0, 8192);
        var payload = new byte[5900];
        using var key = TestKeys.Make("HS256");
        var count = Suite.Count(usual: 100_000, all: 1_000_000);
        for (var i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(token.AsSpan(^16..), RandomNumberGenerator.GetInt32(int.MaxValue) + ((long)i << 32));
            var entry = new VerifiedToken(
                token, new TokenClaims(VerifiedTokenCacheTests.Claims(), payload, key.VerificationKey), HeaderTyp.Access, audience: null);
            cache.Add(entry);
            if (i >= count - 10_000)
            {
                watched.Add(new WeakReference(entry));
            }

            if (i % 10_000 == 0)
            {
                Assert.InRange(cache.Bytes, 1, VerifiedTokenCache.DefaultMaxBytes);
            }
        }
    }
}
