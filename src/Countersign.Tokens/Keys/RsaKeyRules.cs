using System.Numerics;

namespace Countersign.Tokens.Keys;

/// <summary>Which RSA public keys are taken.</summary>
internal static class RsaKeyRules
{
    /// <summary>RFC 7518 §3.3.</summary>
    public const int MinimumModulusBits = 2048;

    /// <summary>OpenSSL's own limit (OPENSSL_RSA_MAX_MODULUS_BITS). A signature of such a key still fits into a token several times.</summary>
    public const int MaximumModulusBits = 16384;

    /// <summary>FIPS 186-5 §5.1 asks for more than 2^16; 65537 is the least odd one.</summary>
    private const long MinimumExponent = 65537;

    /// <summary>
    /// OpenSSL's limit for long moduli (OPENSSL_RSA_MAX_PUBEXP_BITS), here for all: verifying takes as long as the exponent is, and no key in use has
    /// a longer one.
    /// </summary>
    private const int MaximumExponentBytes = 8;

    // Keys of one widely used chip are products of primes of the form k * M + (65537^a mod M), M a product of small primes, and can be factored
    // (CVE-2017-15361, "ROCA"). Their moduli are powers of 65537 modulo each of these primes; that another modulus is one has a chance of about 2^-28.
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
            return "Modulus or exponent is missing or has leading zeros.";
        }

        var bits = (modulus.Length * 8) - BitOperations.LeadingZeroCount(modulus[0]) + 24;
        if (bits is < MinimumModulusBits or > MaximumModulusBits)
        {
            return $"The modulus has {bits} bits; {MinimumModulusBits} to {MaximumModulusBits} are taken (RFC 7518 section 3.3).";
        }

        if (exponent.Length > MaximumExponentBytes || new BigInteger(exponent, isUnsigned: true, isBigEndian: true) < MinimumExponent)
        {
            return $"The exponent is less than {MinimumExponent} or longer than {MaximumExponentBytes * 8} bits.";
        }

        if (((modulus[^1] & exponent[^1]) & 1) == 0)
        {
            return "Modulus and exponent are odd numbers.";
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
