using System.Globalization;
using System.Security.Cryptography;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Formats;

/// <summary>
/// <c>$2b$12$</c>, 22 characters of salt, 31 of digest. <c>$2a$</c> and <c>$2y$</c> are the same function here, which never sees more than 72 bytes;
/// <c>$2x$</c> is the one with the sign-extension fault (CVE-2011-2483) and is refused.
/// </summary>
internal sealed class BcryptHash : StoredHash
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

    public static new BcryptHash? TryParse(string text, int maxCost)
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

    /// <summary>Makes a new hash of a password that bcrypt holds exactly.</summary>
    public static string Create(ReadOnlySpan<byte> password, int cost, BcryptWork work)
    {
        Span<byte> salt = stackalloc byte[Bcrypt.SaltBytes];
        Span<byte> digest = stackalloc byte[Bcrypt.DigestBytes];
        RandomNumberGenerator.Fill(salt);
        work.Digest(password, salt, cost, digest, HashPurpose.New);
        return string.Create(CultureInfo.InvariantCulture, $"$2b${cost:D2}${BcryptBase64.Encode(salt)}{BcryptBase64.Encode(digest)}");
    }

    public override bool Matches(ReadOnlySpan<byte> password, BcryptWork work)
    {
        bool isExact = Bcrypt.IsExact(password);
        Span<byte> computed = stackalloc byte[Bcrypt.DigestBytes];
        if (isExact)
        {
            work.Digest(password, _salt, _cost, computed, HashPurpose.Compare);
        }
        else
        {
            work.Spend(Rounds);
        }

        // Both operands are always computed: which of them is false must not show.
        return CryptographicOperations.FixedTimeEquals(computed, _digest) & isExact;
    }

    public override bool IsCurrent(ReadOnlySpan<byte> password, int cost) => _variant == 'b' && _cost >= cost && Bcrypt.IsExact(password);
}
