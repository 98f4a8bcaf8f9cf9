using System.Buffers.Binary;
using System.Text;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Verified;

/// <summary>
/// A token that was accepted once: its bytes, its claims, and the key that verified it. It is immutable except for the marks of the cache.
/// </summary>
internal sealed class VerifiedToken
{
    /// <summary>
    /// Bytes of an entry besides texts and arrays: the object itself, the claims, and its places in table and ring. The count is 370, rounded up.
    /// </summary>
    public const int FixedBytes = 384;

    /// <summary>Bytes at the end of a token that its hash covers: 96 bits of a signature, which the token's holder could not choose.</summary>
    private const int HashedBytes = 16;

    /// <summary>Bytes of the header and alignment of a string or array.</summary>
    private const int ObjectBytes = 24;

    private readonly byte[] _header;
    private readonly byte[] _rest;
    private bool _used;
    private volatile bool _isOut;

    public VerifiedToken(ReadOnlySpan<byte> token, TokenClaims claims, HeaderTyp typ, string? audience)
    {
        // All tokens of a key begin with the same header. The key holds it once for all.
        _header = claims.Key.FindHeader(token);
        _rest = token[_header.Length..].ToArray();
        Claims = claims;
        Typ = typ;
        Audience = audience;
        TryHash(token, out var hash);
        Hash = hash;
        Cost = FixedBytes + ObjectBytes + _rest.Length + claims.EstimateBytes(ObjectBytes);
    }

    public ulong Hash { get; }

    /// <summary>Estimated memory in bytes.</summary>
    public int Cost { get; }

    public TokenClaims Claims { get; }

    /// <summary>The value of <c>typ</c> in the header.</summary>
    public HeaderTyp Typ { get; }

    /// <summary>The audience with which <c>aud</c> was compared.</summary>
    public string? Audience { get; }

    /// <summary>The entry's place in the cache's ring. It is written before the entry is in the ring.</summary>
    public int Slot { get; set; }

    /// <summary>Whether the entry was removed from the cache's ring.</summary>
    public bool IsOut
    {
        get => _isOut;
        set => _isOut = value;
    }

    public static bool TryHash(ReadOnlySpan<byte> token, out ulong hash)
    {
        hash = token.Length < HashedBytes ? 0 : Mix(token[^HashedBytes..]);
        return token.Length >= HashedBytes;
    }

    public static bool TryHash(ReadOnlySpan<char> token, out ulong hash)
    {
        Span<byte> end = stackalloc byte[HashedBytes];
        hash = 0;
        if (token.Length < HashedBytes || Ascii.FromUtf16(token[^HashedBytes..], end, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        hash = Mix(end);
        return true;
    }

    public bool Is(ReadOnlySpan<byte> token) => token.StartsWith(_header) && token[_header.Length..].SequenceEqual(_rest);

    public bool Is(ReadOnlySpan<char> token) =>
        token.Length >= _header.Length && Ascii.Equals(_header, token[.._header.Length]) && Ascii.Equals(_rest, token[_header.Length..]);

    /// <summary>Whether another entry has the same bytes and was verified by the same key object.</summary>
    public bool IsSame(VerifiedToken other) =>
        ReferenceEquals(Claims.Key, other.Claims.Key) && ReferenceEquals(_header, other._header) && other._rest.AsSpan().SequenceEqual(_rest);

    /// <summary>Marks the entry as used. It writes only if there is no mark yet, so that threads with the same token do not compete for a cache line.</summary>
    public void MarkUsed()
    {
        if (!Volatile.Read(ref _used))
        {
            Volatile.Write(ref _used, true);
        }
    }

    /// <summary>Removes the mark.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TakeUse()
    {
        var used = Volatile.Read(ref _used);
        if (used)
        {
            Volatile.Write(ref _used, false);
        }

        return used;
    }

    private static ulong Mix(ReadOnlySpan<byte> end)
    {
        // Two odd constants, from the fractions of the golden ratio and of the square root of 2. They spread texts with six bits in each byte over all 64 bits.
        var hash = (BinaryPrimitives.ReadUInt64LittleEndian(end) * 0x9E3779B97F4A7C15)
            ^ (BinaryPrimitives.ReadUInt64LittleEndian(end[8..]) * 0x6A09E667F3BCC909);
        return hash ^ (hash >> 29);
    }
}
