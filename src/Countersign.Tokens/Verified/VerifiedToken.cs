using System.Buffers.Binary;
using System.Text;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Verified;

/// <summary>
/// A token that was accepted once: its bytes, what was read from it, and the key that verified it. Nothing of it changes but the marks by which the cache
/// keeps house.
/// </summary>
internal sealed class VerifiedToken
{
    /// <summary>What an entry holds beside texts and arrays: itself, the claims, its place in table and ring. Counted: 370 bytes, rounded up.</summary>
    public const int FixedBytes = 384;

    /// <summary>How much of the end of a token its hash covers: 96 bits of a signature that its holder could not choose.</summary>
    private const int HashedBytes = 16;

    /// <summary>Header and alignment of a string or array.</summary>
    private const int ObjectBytes = 24;

    private readonly byte[] _header;
    private readonly byte[] _rest;
    private bool _used;
    private volatile bool _isOut;

    public VerifiedToken(ReadOnlySpan<byte> token, TokenClaims claims, HeaderTyp typ, string? audience)
    {
        // All tokens of a key begin with the same header, which the key holds for them all.
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

    /// <summary>The claims, and the key that verified them.</summary>
    public TokenClaims Claims { get; }

    /// <summary>What the header's <c>typ</c> said.</summary>
    public HeaderTyp Typ { get; }

    /// <summary>The audience against which <c>aud</c> was read.</summary>
    public string? Audience { get; }

    /// <summary>Where the cache's ring holds it; written before it is there.</summary>
    public int Slot { get; set; }

    /// <summary>Whether the cache's ring has let go of it.</summary>
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

    /// <summary>Whether another entry is of the same bytes, verified by the same key object.</summary>
    public bool IsSame(VerifiedToken other) => ReferenceEquals(Claims.Key, other.Claims.Key) && ReferenceEquals(_header, other._header) && other._rest.AsSpan().SequenceEqual(_rest);

    /// <summary>Marks the entry as used. Written only when it is not marked, so that threads which use one token do not take its memory from each other.</summary>
    public void MarkUsed()
    {
        if (!Volatile.Read(ref _used))
        {
            Volatile.Write(ref _used, true);
        }
    }

    /// <summary>Takes the mark away.</summary>
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
        // Two odd constants, the fractions of the golden ratio and of the square root of 2: texts of six bits a byte fill all 64.
        var hash = (BinaryPrimitives.ReadUInt64LittleEndian(end) * 0x9E3779B97F4A7C15) ^ (BinaryPrimitives.ReadUInt64LittleEndian(end[8..]) * 0x6A09E667F3BCC909);
        return hash ^ (hash >> 29);
    }
}
