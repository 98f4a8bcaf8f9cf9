using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Passwords.Formats;

/// <summary>
/// The base64 blobs of ASP.NET Core Identity's <c>PasswordHasher</c>. V2: byte 00, 16 bytes of salt, 32 of key (PBKDF2-HMAC-SHA1, 1,000 iterations).
/// V3: byte 01, then function, iterations and salt length as 32-bit big-endian numbers, salt, key. New hashes are V3 as in .NET 10: HMAC-SHA-512, 16 bytes of
/// salt, 32 of key.
/// </summary>
internal static class IdentityFormat
{
    private const int Version2Length = 1 + 16 + 32;
    private const int Version2Iterations = 1000;
    private const int Version3HeaderLength = 1 + (3 * sizeof(uint));

    /// <summary>Bytes of the key in new hashes.</summary>
    public const int KeyBytes = 32;

    private const int SaltBytes = 16;
    private const uint Sha512 = 2;

    /// <summary>Shortest salt and key that Identity accepts.</summary>
    private const int ShortestPart = 16;

    /// <summary>Hashes a password under a new salt, on the calling thread.</summary>
    public static string Write(ReadOnlySpan<byte> password, int iterations)
    {
        Span<byte> blob = stackalloc byte[Version3HeaderLength + SaltBytes + KeyBytes];
        blob[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(blob[1..], Sha512);
        BinaryPrimitives.WriteUInt32BigEndian(blob[5..], (uint)iterations);
        BinaryPrimitives.WriteUInt32BigEndian(blob[9..], SaltBytes);
        var salt = blob.Slice(Version3HeaderLength, SaltBytes);
        RandomNumberGenerator.Fill(salt);
        Rfc2898DeriveBytes.Pbkdf2(password, salt, blob[^KeyBytes..], iterations, HashAlgorithmName.SHA512);
        return Convert.ToBase64String(blob);
    }

    /// <summary>Does the work of one comparison with a new hash and ignores the result.</summary>
    public static Pbkdf2Hash Dummy(int iterations) =>
        Pbkdf2Hash.TryCreate(HashAlgorithmName.SHA512, iterations, new byte[SaltBytes], new byte[KeyBytes])
        ?? throw new ArgumentOutOfRangeException(nameof(iterations));

    public static Pbkdf2Hash? TryParse(ReadOnlySpan<char> text) => StrictBase64.TryDecode(text) switch
    {
        [0, ..] and { Length: Version2Length } blob =>
            Pbkdf2Hash.TryCreate(HashAlgorithmName.SHA1, Version2Iterations, blob[1..17], blob[17..], isOfIdentity: true),
        [1, ..] and { Length: >= Version3HeaderLength + (2 * ShortestPart) } blob => TryParseVersion3(blob),
        _ => null,
    };

    private static Pbkdf2Hash? TryParseVersion3(byte[] blob)
    {
        uint function = BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(1));
        uint iterations = BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(5));
        uint saltLength = BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(9));
        if (function > 2
            || iterations is 0 or > Pbkdf2Hash.MaxIterations
            || saltLength < ShortestPart
            || saltLength > blob.Length - Version3HeaderLength - ShortestPart)
        {
            return null;
        }

        var algorithm = function switch { 0 => HashAlgorithmName.SHA1, 1 => HashAlgorithmName.SHA256, _ => HashAlgorithmName.SHA512 };
        int keyStart = Version3HeaderLength + (int)saltLength;
        return Pbkdf2Hash.TryCreate(algorithm, (int)iterations, blob[Version3HeaderLength..keyStart], blob[keyStart..], isOfIdentity: true);
    }
}
