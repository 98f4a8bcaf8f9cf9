using System.Numerics;
using System.Security.Cryptography;

namespace Countersign.Passwords.Kernel;

/// <summary>One digest to be computed: what goes into a lane, and what comes out. Zeroed when disposed of.</summary>
internal sealed class BcryptRequest : IDisposable
{
    private readonly byte[] _password;

    /// <param name="password">Copied. What lies beyond <see cref="Bcrypt.MaxPasswordBytes"/> bytes takes no part.</param>
    /// <param name="salt"><see cref="Bcrypt.SaltBytes"/> bytes.</param>
    /// <param name="rounds">How often the key schedule runs: 2^cost for a hash; any number for a dummy.</param>
    /// <param name="purpose">For the metrics.</param>
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

    /// <summary>What is hashed when nobody reads the result.</summary>
    public static ReadOnlySpan<byte> DummyPassword => "dummy password"u8;

    public ReadOnlySpan<byte> Password => _password;

    public byte[] Salt { get; }

    public long Rounds { get; }

    public HashPurpose Purpose { get; }

    /// <summary>The cost of a hash; of a dummy, the highest whose rounds it holds.</summary>
    public int Cost => BitOperations.Log2((ulong)Rounds);

    /// <summary>Filled when its lane has ended; zeroes until then.</summary>
    public byte[] Digest { get; } = new byte[Bcrypt.DigestBytes];

    /// <summary>Work whose result nobody reads.</summary>
    public static BcryptRequest Dummy(long rounds) => new(DummyPassword, "dummy salt bytes"u8, rounds, HashPurpose.Dummy);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_password);
        CryptographicOperations.ZeroMemory(Digest);
    }
}
