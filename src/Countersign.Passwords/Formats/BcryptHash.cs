using System.Globalization;
using System.Security.Cryptography;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Formats;

/// <summary>
/// <c>$2b$12$</c>, 22 characters of salt, 31 of digest. Here <c>$2a$</c> and <c>$2y$</c> are the same function, because it never gets more than 72 bytes.
/// <c>$2x$</c> has the sign-extension fault (CVE-2011-2483) and is refused.
/// </summary>
internal sealed class BcryptHash : BcryptStoredHash
{
    /// <summary>Length of <c>$2b$12$</c>.</summary>
    private const int HeaderLength = 7;

    private static readonly int SaltLength = BcryptBase64.EncodedLength(Bcrypt.SaltBytes);
    private static readonly int DigestLength = BcryptBase64.EncodedLength(Bcrypt.DigestBytes);

    private readonly char _variant;
    private readonly int _cost;
    private readonly byte[] _salt;
    private readonly byte[] _digest;

    private BcryptHash(char variant, int cost, byte[] salt, byte[] digest)
    {
        _variant = variant;
        _cost = cost;
        _salt = salt;
        _digest = digest;
    }

    public override int? Cost => _cost;

    public override long Rounds => Bcrypt.Rounds(_cost);

    public static BcryptHash? TryParse(string text, int maxCost)
    {
        if (text.Length != HeaderLength + SaltLength + DigestLength
            || text is not ['$', '2', 'a' or 'b' or 'y', '$', >= '0' and <= '9', >= '0' and <= '9', '$', ..])
        {
            return null;
        }

        int cost = ((text[4] - '0') * 10) + (text[5] - '0');
        if (cost < Bcrypt.LowestCost || cost > Math.Min(maxCost, Bcrypt.HighestCost))
        {
            return null;
        }

        var salt = new byte[Bcrypt.SaltBytes];
        var digest = new byte[Bcrypt.DigestBytes];
        return BcryptBase64.TryDecode(text.AsSpan(HeaderLength, SaltLength), salt)
            && BcryptBase64.TryDecode(text.AsSpan(HeaderLength + SaltLength), digest)
            ? new BcryptHash(text[2], cost, salt, digest)
            : null;
    }

    /// <summary>Requests a new hash with a new salt. bcrypt must be able to hold the password exactly.</summary>
    public static BcryptRequest BeginNew(ReadOnlySpan<byte> password, int cost)
    {
        Span<byte> salt = stackalloc byte[Bcrypt.SaltBytes];
        RandomNumberGenerator.Fill(salt);
        return new BcryptRequest(password, salt, Bcrypt.Rounds(cost), HashPurpose.New);
    }

    /// <summary>Writes the hash that <see cref="BeginNew"/> requested and a lane has computed.</summary>
    public static string Write(BcryptRequest computed) =>
        string.Create(CultureInfo.InvariantCulture, $"$2b${computed.Cost:D2}${BcryptBase64.Encode(computed.Salt)}{BcryptBase64.Encode(computed.Digest)}");

    public override BcryptRequest Begin(ReadOnlySpan<byte> password) =>
        Bcrypt.IsExact(password) ? new BcryptRequest(password, _salt, Rounds, HashPurpose.Compare) : BcryptRequest.Dummy(Rounds);

    // Both operands are always computed, so that the time does not show which of them is false.
    public override bool Matches(BcryptRequest computed) =>
        CryptographicOperations.FixedTimeEquals(computed.Digest, _digest) & computed.Purpose == HashPurpose.Compare;

    public override bool IsCurrent(ReadOnlySpan<byte> password, int cost) => _variant == 'b' && _cost >= cost && Bcrypt.IsExact(password);
}
