using System.Security.Cryptography;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Formats;

/// <summary>A PBKDF2 hash (RFC 8018 §5.2) in any of the formats that contain one.</summary>
internal sealed class Pbkdf2Hash : ForeignHash
{
    /// <summary>Most iterations of a stored hash, over all blocks of the derived key: ten times OWASP's recommendation for SHA-256 in 2023.</summary>
    public const int MaxIterations = 10_000_000;

    /// <summary>
    /// PBKDF2 iterations in the time of one bcrypt round on a core whose lanes are all busy. Measured with OpenSSL 3.0 on an AMD EPYC. Used only for the
    /// estimate of the queue.
    /// </summary>
    private const int IterationsPerRound = 35;

    private readonly HashAlgorithmName _algorithm;
    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _key;
    private readonly long _work;

    private Pbkdf2Hash(HashAlgorithmName algorithm, int iterations, byte[] salt, byte[] key, long work)
    {
        _algorithm = algorithm;
        _iterations = iterations;
        _salt = salt;
        _key = key;
        _work = work;
    }

    public override long Rounds => Math.Max(1, _work / IterationsPerRound);

    /// <summary>How many rounds one lane computes in that time while the others are busy too.</summary>
    public long RoundsOfOneLane => Rounds / BcryptLanes.MaxWidth;

    /// <summary>Whether it is in Identity's format. Another hasher may have made such a hash with a secret key.</summary>
    public bool IsOfIdentity { get; private init; }

    /// <summary>Makes a hash. Null if a number is outside the limits.</summary>
    public static Pbkdf2Hash? TryCreate(HashAlgorithmName algorithm, int iterations, byte[] salt, byte[] key, bool isOfIdentity = false)
    {
        int block = algorithm == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes
            : algorithm == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes
            : SHA1.HashSizeInBytes;
        long work = (long)iterations * ((key.Length + block - 1) / block);
        return iterations > 0 && work <= MaxIterations && salt.Length > 0 && key.Length >= 16
            ? new Pbkdf2Hash(algorithm, iterations, salt, key, work) { IsOfIdentity = isOfIdentity }
            : null;
    }

    public override bool Matches(ReadOnlySpan<byte> password)
    {
        Span<byte> computed = stackalloc byte[_key.Length];
        Rfc2898DeriveBytes.Pbkdf2(password, _salt, computed, _iterations, _algorithm);
        return CryptographicOperations.FixedTimeEquals(computed, _key);
    }

    /// <summary>Whether a new hash in Identity's format with this number of iterations would be alike.</summary>
    public bool IsCurrentIdentity(int iterations) =>
        IsOfIdentity && _algorithm == HashAlgorithmName.SHA512 && _iterations >= iterations && _key.Length >= IdentityFormat.KeyBytes;
}
