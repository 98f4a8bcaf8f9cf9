using System.Numerics;
using System.Security.Cryptography;

namespace Countersign.Passwords.Kernel;

/// <summary>One digest to compute: the input of a lane, and its output. Zeroed when disposed of.</summary>
internal sealed class BcryptRequest : IDisposable
{
    private readonly byte[] _password;

    /// <param name="password">The password. It is copied. Bytes after the first <see cref="Bcrypt.MaxPasswordBytes"/> are ignored.</param>
    /// <param name="salt"><see cref="Bcrypt.SaltBytes"/> bytes.</param>
    /// <param name="rounds">How often the key schedule runs: 2^cost for a hash; any number for a dummy.</param>
    /// <param name="purpose">The purpose, for the metrics.</param>
    public BcryptRequest(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, long rounds, HashPurpose purpose)
    {
        if (salt.Length != Bcrypt.SaltBytes)
        {
            throw new ArgumentException("A salt has 16 bytes.", nameof(salt));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        _password = password[..Math.Min(password.Length, Bcrypt.MaxPasswordBytes)].ToArray();
        Salt = salt.ToArray();
        Rounds = rounds;
        Purpose = purpose;
    }

    /// <summary>The password of hashes whose result is ignored.</summary>
    public static ReadOnlySpan<byte> DummyPassword => "dummy password"u8;

    public ReadOnlySpan<byte> Password => _password;

    public byte[] Salt { get; }

    public long Rounds { get; }

    public HashPurpose Purpose { get; }

    /// <summary>The cost of a hash. For a dummy: the highest cost whose rounds it reaches.</summary>
    public int Cost => BitOperations.Log2((ulong)Rounds);

    /// <summary>The digest; zeroes until its lane has finished.</summary>
    public byte[] Digest { get; } = new byte[Bcrypt.DigestBytes];

    /// <summary>Makes work whose result is ignored.</summary>
    public static BcryptRequest Dummy(long rounds) => new(DummyPassword, "dummy salt bytes"u8, rounds, HashPurpose.Dummy);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_password);
        CryptographicOperations.ZeroMemory(Digest);
    }
}
