using System.Security.Cryptography;

namespace Countersign.Passwords.Formats;

/// <summary>
/// passlib's <c>pbkdf2_sha256</c>: <c>$pbkdf2-sha256$rounds$salt$checksum</c>. Salt and checksum (32 bytes) are in passlib's adapted base64: a dot instead of
/// the plus, no padding.
/// </summary>
internal static class PasslibPbkdf2Format
{
    public const string Prefix = "$pbkdf2-sha256$";

    public static Pbkdf2Hash? TryParse(string text)
    {
        string[] parts = text[Prefix.Length..].Split('$');
        return parts is [var roundsText, var saltText, var checksumText]
            && DecimalNumber.TryParse(roundsText, out int rounds)
            && TryDecode(saltText) is { } salt
            && TryDecode(checksumText) is { Length: SHA256.HashSizeInBytes } checksum
            ? Pbkdf2Hash.TryCreate(HashAlgorithmName.SHA256, rounds, salt, checksum)
            : null;
    }

    private static byte[]? TryDecode(string adapted) =>
        adapted.AsSpan().ContainsAny('+', '=')
            ? null
            : StrictBase64.TryDecode(adapted.Replace('.', '+').PadRight((adapted.Length + 3) / 4 * 4, '='));
}
