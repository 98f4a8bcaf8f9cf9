using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Passwords.Formats;

/// <summary>
/// The base64 blobs of ASP.NET Core Identity's <c>PasswordHasher</c>. V2: byte 00, 16 bytes of salt, 32 of key (PBKDF2-HMAC-SHA1, 1,000 iterations).
/// V3: byte 01, then function, iterations and salt length as 32-bit big-endian numbers, salt, key.
/// </summary>
internal static class IdentityFormat
{
    private const int Version2Length = 1 + 16 + 32;
    private const int Version2Iterations = 1000;
    private const int Version3HeaderLength = 1 + (3 * sizeof(uint));

    /// <summary>Shortest salt and key that Identity itself takes.</summary>
    private const int ShortestPart = 16;

    public static Pbkdf2Hash? TryParse(ReadOnlySpan<char> text) => StrictBase64.TryDecode(text) switch
    {
        [0, ..] and { Length: Version2Length } blob =>
            Pbkdf2Hash.TryCreate(HashAlgorithmName.SHA1, Version2Iterations, blob[1..17], blob[17..]),
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
        return Pbkdf2Hash.TryCreate(algorithm, (int)iterations, blob[Version3HeaderLength..keyStart], blob[keyStart..]);
    }
}
