using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Tokens.Keys;

/// <summary>Rules and sources of key ids.</summary>
internal static class KeyIdentifier
{
    /// <summary>Longest key id in characters, ours: a thumbprint has 43; headers are capped, and what is longer is no id of ours.</summary>
    public const int MaxLength = 128;

    // Printable ASCII without space, quote and backslash: such an id is the same text in a header, a log line and a file name's place in a list.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static bool IsAllowed(ReadOnlySpan<char> keyId) => keyId.Length is > 0 and <= MaxLength && !keyId.ContainsAnyExcept(Allowed);

    public static void ThrowIfNotAllowed(string? keyId)
    {
        if (keyId is not null && !IsAllowed(keyId))
        {
            throw new ArgumentException(
                $"A key id has 1 to {MaxLength} printable ASCII characters, without space, quotation mark and backslash.", nameof(keyId));
        }
    }

    /// <summary>A random id of 128 bits. Ids of secrets are random: a hash of a secret would let a reader of the header test guesses.</summary>
    public static string Random()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The RFC 7638 §3 thumbprint of an EC key: SHA-256 over the required members in lexicographic order without white space.</summary>
    public static string Thumbprint(NamedCurve curve, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) =>
        Thumbprint($$"""{"crv":"{{curve.Name}}","kty":"EC","x":"{{Base64Url.EncodeToString(x)}}","y":"{{Base64Url.EncodeToString(y)}}"}""");

    /// <summary>The RFC 7638 §3 thumbprint of an RSA key.</summary>
    public static string Thumbprint(in RSAParameters key) =>
        Thumbprint($$"""{"e":"{{Base64Url.EncodeToString(key.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(key.Modulus)}}"}""");

    private static string Thumbprint(string canonical) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
}
