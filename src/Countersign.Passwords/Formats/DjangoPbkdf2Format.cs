using System.Security.Cryptography;
using System.Text;

namespace Countersign.Passwords.Formats;

/// <summary>Django's default hasher: <c>pbkdf2_sha256$iterations$salt$key</c>. The salt is used as text; the key is 32 bytes in standard base64.</summary>
internal static class DjangoPbkdf2Format
{
    public const string Prefix = "pbkdf2_sha256$";

    public static Pbkdf2Hash? TryParse(string text)
    {
        string[] parts = text[Prefix.Length..].Split('$');
        return parts is [var iterationsText, var salt, var keyText]
            && DecimalNumber.TryParse(iterationsText, out int iterations)
            && Ascii.IsValid(salt)
            && !salt.AsSpan().ContainsAnyInRange('\0', ' ')
            && StrictBase64.TryDecode(keyText) is { Length: SHA256.HashSizeInBytes } key
            ? Pbkdf2Hash.TryCreate(HashAlgorithmName.SHA256, iterations, Encoding.ASCII.GetBytes(salt), key)
            : null;
    }
}
