using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Countersign.Sessions.Rotation;

/// <summary>The claim <c>chk</c>. It ties a refresh token to its row, so that a stolen refresh key is not enough to forge a token.</summary>
internal static class RefreshTokenMac
{
    /// <summary>The length of the claim in bytes: 128 bits, too long to guess.</summary>
    public const int Bytes = 16;

    // "sid.gen": 36 characters, a dot, at most 10 digits.
    private const int LongestMessage = 36 + 1 + 10;

    /// <summary>Computes the check of one generation: the first 16 bytes of HMAC-SHA256 (RFC 2104) under the row's salt, over "sid.gen".</summary>
    /// <param name="row">The session, for its id and its salt.</param>
    /// <param name="generation">The generation, not negative.</param>
    /// <param name="destination">At least <see cref="Bytes"/> long.</param>
    public static void Write(Session row, int generation, Span<byte> destination)
    {
        Span<byte> message = stackalloc byte[LongestMessage];
        Utf8Formatter.TryFormat(row.Id, message, out var length);
        message[length++] = (byte)'.';
        generation.TryFormat(message[length..], out var digits, default, CultureInfo.InvariantCulture);

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(row.Salt.Span, message[..(length + digits)], mac);
        mac[..Bytes].CopyTo(destination);
    }

    /// <summary>Compares the check of a token with the correct one for its generation, in fixed time.</summary>
    public static bool Fits(Session row, int generation, ReadOnlySpan<byte> check)
    {
        Span<byte> expected = stackalloc byte[Bytes];
        Write(row, generation, expected);
        return CryptographicOperations.FixedTimeEquals(expected, check);
    }
}
