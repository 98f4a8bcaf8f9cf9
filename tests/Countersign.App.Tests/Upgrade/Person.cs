using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Countersign.App.Tests.Upgrade;

/// <summary>A user of the app, and what they know.</summary>
internal sealed class Person(string kind, string email)
{
    /// <summary>What kind of user this is, as the tables say it.</summary>
    public string Kind { get; } = kind;

    public string Email { get; } = email;

    /// <summary>It follows Identity's rules of composition, which the app has not changed.</summary>
    public string Password { get; set; } = "Correct-horse-7";

    /// <summary>The key of the authenticator app, in base32; null for none.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>The body of MapIdentityApi's login.</summary>
    /// <param name="sendsCode">Whether the code of the authenticator app is in it.</param>
    public object IdentityLogin(bool sendsCode) =>
        sendsCode ? new { email = Email, password = Password, twoFactorCode = Code() } : new { email = Email, password = Password };

    /// <summary>The code that an authenticator app shows now (RFC 6238, with 30 seconds and six digits).</summary>
    public string Code()
    {
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // RFC 6238 has SHA-1, and so have the authenticator apps.
        var hash = HMACSHA1.HashData(FromBase32(AuthenticatorKey!), step);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] FromBase32(string text)
    {
        List<byte> bytes = [];
        var (bits, count) = (0, 0);
        foreach (var character in text)
        {
            (bits, count) = ((bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(character, StringComparison.Ordinal), count + 5);
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }

        return [.. bytes];
    }
}
