using System.Numerics;

namespace Countersign.Tokens.Keys;

/// <summary>The rules that an RSA public key must satisfy.</summary>
internal static class RsaKeyRules
{
    /// <summary>RFC 7518 §3.3.</summary>
    public const int MinimumModulusBits = 2048;

    /// <summary>OpenSSL's limit (OPENSSL_RSA_MAX_MODULUS_BITS). A signature of such a key fits into a token several times.</summary>
    public const int MaximumModulusBits = 16384;

    /// <summary>FIPS 186-5 §5.1 requires more than 2^16; 65537 is the smallest such odd number.</summary>
    private const long MinimumExponent = 65537;

    /// <summary>
    /// OpenSSL's limit for long moduli (OPENSSL_RSA_MAX_PUBEXP_BITS), applied here to all keys. A longer exponent makes verification slower, and no key in use
    /// has one.
    /// </summary>
    private const int MaximumExponentBytes = 8;

    // One widely used chip makes keys from primes of the form k * M + (65537^a mod M), where M is a product of small primes. Such keys can be factored
    // (CVE-2017-15361, "ROCA"). Their modulus is a power of 65537 modulo each of these primes. The chance of this for any other modulus is about 2^-28.
    private static readonly int[] WeakGeneratorPrimes =
    [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151,
        157, 163, 167,
    ];

    /// <returns>What is wrong, or null.</returns>
    public static string? FindFault(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        if (modulus.IsEmpty || exponent.IsEmpty || modulus[0] == 0 || exponent[0] == 0)
        {
            return "The modulus or the exponent is missing or has leading zeros.";
        }

        var bits = (modulus.Length * 8) - BitOperations.LeadingZeroCount(modulus[0]) + 24;
        if (bits is < MinimumModulusBits or > MaximumModulusBits)
        {
            return $"The modulus has {bits} bits; {MinimumModulusBits} to {MaximumModulusBits} are allowed (RFC 7518 section 3.3).";
        }

        if (exponent.Length > MaximumExponentBytes || new BigInteger(exponent, isUnsigned: true, isBigEndian: true) < MinimumExponent)
        {
            return $"The exponent is less than {MinimumExponent} or longer than {MaximumExponentBytes * 8} bits.";
        }

        if (((modulus[^1] & exponent[^1]) & 1) == 0)
        {
            return "The modulus and the exponent must be odd numbers.";
        }

        return IsOfWeakGenerator(new BigInteger(modulus, isUnsigned: true, isBigEndian: true))
            ? "The key was made by a generator whose keys can be factored (CVE-2017-15361)."
            : null;
    }

    private static bool IsOfWeakGenerator(BigInteger modulus) => Array.TrueForAll(WeakGeneratorPrimes, prime => IsPower((int)(modulus % prime), prime));

    /// <summary>Whether a remainder is a power of 65537 modulo a small prime.</summary>
    private static bool IsPower(int remainder, int prime)
    {
        var power = 1;
        do
        {
            if (power == remainder)
            {
                return true;
            }

            power = power * (int)(MinimumExponent % prime) % prime;
        }
        while (power != 1);
        return false;
    }
}
