using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Tokens.Keys;

/// <summary>Checks and creates key ids.</summary>
internal static class KeyIdentifier
{
    /// <summary>Longest key id in characters. This limit is our own: a thumbprint has 43 characters, and headers are limited.</summary>
    public const int MaxLength = 128;

    // Printable ASCII without space, quote and backslash: such an id needs no escapes in a header, a log line or a list of file names.
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

    /// <summary>Makes a random id of 128 bits. Ids of secrets are random: with a hash of the secret, a reader of the header could test guesses.</summary>
    public static string Random()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The RFC 7638 §3 thumbprint of an EC key: SHA-256 over the required members, in lexicographic order and without white space.</summary>
    public static string Thumbprint(NamedCurve curve, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) =>
        Thumbprint($$"""{"crv":"{{curve.Name}}","kty":"EC","x":"{{Base64Url.EncodeToString(x)}}","y":"{{Base64Url.EncodeToString(y)}}"}""");

    /// <summary>The RFC 7638 §3 thumbprint of an RSA key.</summary>
    public static string Thumbprint(in RSAParameters key) =>
        Thumbprint($$"""{"e":"{{Base64Url.EncodeToString(key.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(key.Modulus)}}"}""");

    private static string Thumbprint(string canonical) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
}
