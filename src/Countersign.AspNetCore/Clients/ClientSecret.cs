using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.AspNetCore.Clients;

/// <summary>Makes and reads the secrets of confidential clients. A server keeps only their hashes.</summary>
internal static class ClientSecret
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>256 bits: twice what a secret needs if it is hashed without salt and work factor.</summary>
    private const int SecretBytes = 32;

    /// <summary>The hash of an empty secret. A script writes it if its variable was empty.</summary>
    private static readonly byte[] HashOfNothing = SHA256.HashData([]);

    /// <summary>Makes a secret: 43 characters of base64url, which stay the same in a form's encoding.</summary>
    public static string Create()
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(secret);
        var text = Base64Url.EncodeToString(secret);
        CryptographicOperations.ZeroMemory(secret);
        return text;
    }

    /// <summary>The form in which a hash is configured: lower-case hexadecimal. A secret made here can't be mistaken for it.</summary>
    public static string Format(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Reads a configured hash, strictly.</summary>
    /// <returns>False if the text is not 64 lower-case hexadecimal digits, or is the hash of an empty secret.</returns>
    public static bool TryParseHash([NotNullWhen(true)] string? text, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = text is { Length: 2 * HashBytes } && text.All(static character => char.IsAsciiHexDigitLower(character) || char.IsAsciiDigit(character))
            ? Convert.FromHexString(text)
            : null;
        hash = hash is not null && hash.AsSpan().SequenceEqual(HashOfNothing) ? null : hash;
        return hash is not null;
    }
}
