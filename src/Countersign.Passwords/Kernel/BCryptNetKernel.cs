using System.Globalization;
using System.Text;

namespace Countersign.Passwords.Kernel;

/// <summary>
/// bcrypt by BCrypt.Net-Next. It takes text only and encodes it as UTF-8, so what enters must be valid UTF-8: then exactly these bytes are hashed.
/// Its own parsing of stored hashes is never used.
/// </summary>
internal sealed class BCryptNetKernel : IBcryptKernel
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static BCryptNetKernel Instance { get; } = new();

    public void Digest(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, Span<byte> digest)
    {
        string setting = string.Create(CultureInfo.InvariantCulture, $"$2b${cost:D2}${BcryptBase64.Encode(salt)}");
        string hash = BCrypt.Net.BCrypt.HashPassword(StrictUtf8.GetString(password), setting, enhancedEntropy: false);
        if (!hash.StartsWith(setting, StringComparison.Ordinal) || !BcryptBase64.TryDecode(hash.AsSpan(setting.Length), digest))
        {
            throw new InvalidOperationException("BCrypt.Net-Next answered with something other than a bcrypt hash under the setting that it was given.");
        }
    }
}
