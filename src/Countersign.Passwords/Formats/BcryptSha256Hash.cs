using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Formats;

/// <summary>
/// passlib's <c>bcrypt_sha256</c>: bcrypt over the base64 of a SHA-256 of the password. So no password is too long, and NUL is an ordinary byte. Version 2,
/// <c>$bcrypt-sha256$v=2,t=2b,r=12$salt$digest</c>, uses the salt's text as a key (HMAC); otherwise an attacker could try lists of plain SHA-256 hashes.
/// Version 1, <c>$bcrypt-sha256$2b,12$salt$digest</c>, is only read.
/// </summary>
internal sealed class BcryptSha256Hash : BcryptStoredHash
{
    public const string Prefix = "$bcrypt-sha256$";
    private const string Version2 = "v=2,t=2b,r=";

    private readonly int _version;
    private readonly int _cost;
    private readonly string _saltText;
    private readonly byte[] _salt;
    private readonly byte[] _digest;

    private BcryptSha256Hash(int version, int cost, string saltText, byte[] salt, byte[] digest)
    {
        _version = version;
        _cost = cost;
        _saltText = saltText;
        _salt = salt;
        _digest = digest;
    }

    public override int? Cost => _cost;

    public override long Rounds => Bcrypt.Rounds(_cost);

    public static BcryptSha256Hash? TryParse(string text, int maxCost)
    {
        string[] parts = text[Prefix.Length..].Split('$');
        if (parts is not [var parameters, var saltText, var digestText]
            || !TryParseParameters(parameters, out int version, out int cost)
            || cost < Bcrypt.LowestCost
            || cost > Math.Min(maxCost, Bcrypt.HighestCost))
        {
            return null;
        }

        var salt = new byte[Bcrypt.SaltBytes];
        var digest = new byte[Bcrypt.DigestBytes];
        return BcryptBase64.TryDecode(saltText, salt) && BcryptBase64.TryDecode(digestText, digest)
            ? new BcryptSha256Hash(version, cost, saltText, salt, digest)
            : null;
    }

    /// <summary>Requests a new hash of any password: version 2 with a new salt.</summary>
    public static BcryptRequest BeginNew(ReadOnlySpan<byte> password, int cost)
    {
        Span<byte> salt = stackalloc byte[Bcrypt.SaltBytes];
        RandomNumberGenerator.Fill(salt);
        return Begin(password, version: 2, BcryptBase64.Encode(salt), salt, Bcrypt.Rounds(cost), HashPurpose.New);
    }

    /// <summary>Writes the hash that <see cref="BeginNew"/> requested and a lane has computed.</summary>
    public static string Write(BcryptRequest computed) => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}{Version2}{computed.Cost}${BcryptBase64.Encode(computed.Salt)}${BcryptBase64.Encode(computed.Digest)}");

    public override BcryptRequest Begin(ReadOnlySpan<byte> password) => Begin(password, _version, _saltText, _salt, Rounds, HashPurpose.Compare);

    public override bool Matches(BcryptRequest computed) => CryptographicOperations.FixedTimeEquals(computed.Digest, _digest);

    public override bool IsCurrent(ReadOnlySpan<byte> password, int cost) => _version == 2 && _cost >= cost && !Bcrypt.IsExact(password);

    private static bool TryParseParameters(string text, out int version, out int cost)
    {
        version = text.StartsWith(Version2, StringComparison.Ordinal) ? 2 : 1;
        cost = 0;
        if (version == 2)
        {
            return DecimalNumber.TryParse(text.AsSpan(Version2.Length), out cost);
        }

        return text is ['2', 'a' or 'b', ',', ..] && DecimalNumber.TryParse(text.AsSpan(3), out cost);
    }

    private static BcryptRequest Begin(
        ReadOnlySpan<byte> password, int version, string saltText, ReadOnlySpan<byte> salt, long rounds, HashPurpose purpose)
    {
        Span<byte> prehash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> key = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(SHA256.HashSizeInBytes)];
        try
        {
            if (version == 2)
            {
                HMACSHA256.HashData(Encoding.ASCII.GetBytes(saltText), password, prehash);
            }
            else
            {
                SHA256.HashData(password, prehash);
            }

            Base64.EncodeToUtf8(prehash, key, out _, out int written);
            return new BcryptRequest(key[..written], salt, rounds, purpose);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(prehash);
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
