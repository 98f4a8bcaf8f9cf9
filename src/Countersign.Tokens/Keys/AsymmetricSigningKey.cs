using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>A private key. It is stored as PKCS#8. The instances in the pool are created from that.</summary>
/// <typeparam name="TInstance">The type of key in the base library.</typeparam>
internal abstract class AsymmetricSigningKey<TInstance> : SigningKey
    where TInstance : AsymmetricAlgorithm
{
    private readonly KeyPool<TInstance> _instances;
    private readonly KeyMemory _pkcs8;
    private readonly Func<TInstance> _create;

    /// <param name="pkcs8">The private key; the caller zeroes it.</param>
    /// <param name="verificationKey">The public key that belongs to it.</param>
    /// <param name="create">Makes an empty instance.</param>
    /// <exception cref="CryptographicException">The private and the public part do not fit.</exception>
    private protected AsymmetricSigningKey(ReadOnlySpan<byte> pkcs8, AsymmetricVerificationKey verificationKey, Func<TInstance> create)
        : base(verificationKey)
    {
        _pkcs8 = new KeyMemory(pkcs8);
        _create = create;
        _instances = new KeyPool<TInstance>(Open);
    }

    public override byte[] ExportPrivateKey() => _pkcs8.ToArray();

    public override byte[] ExportSubjectPublicKeyInfo() => VerificationKey.ExportSubjectPublicKeyInfo();

    /// <summary>Checks with a signature that the private and the public part in the PKCS#8 fit. Not every provider checks this.</summary>
    /// <exception cref="CryptographicException">They do not fit. The key has been disposed of.</exception>
    internal void DisposeAndThrowIfNotFit()
    {
        Span<byte> signature = stackalloc byte[SignatureBytes];
        try
        {
            SignExact("fit"u8, signature);
            if (VerificationKey.Verify("fit"u8, signature))
            {
                return;
            }
        }
        catch (CryptographicException)
        {
            Dispose();
            throw;
        }

        Dispose();
        throw new CryptographicException("The private and the public part do not fit.");
    }

    /// <summary>Fills an instance from PKCS#8.</summary>
    /// <exception cref="ArgumentException">The bytes are not exactly one private key of its kind.</exception>
    private protected static void ImportExactly(TInstance key, ReadOnlySpan<byte> pkcs8, SignatureAlgorithm algorithm)
    {
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            ThrowIfNotAll(read, pkcs8.Length, algorithm);
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"The bytes are not a private key for {algorithm.Name}.", nameof(pkcs8), exception);
        }
    }

    /// <summary>Fills an instance from encrypted PKCS#8.</summary>
    /// <exception cref="ArgumentException">The bytes are not exactly one private key of its kind, or the password is wrong.</exception>
    private protected static void ImportExactly(TInstance key, ReadOnlySpan<byte> encrypted, ReadOnlySpan<char> password, SignatureAlgorithm algorithm)
    {
        try
        {
            key.ImportEncryptedPkcs8PrivateKey(password, encrypted, out var read);
            ThrowIfNotAll(read, encrypted.Length, algorithm);
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"The bytes are not a private key for {algorithm.Name} under this password.", nameof(encrypted), exception);
        }
    }

    private protected TInstance Open() => _pkcs8.OpenPkcs8(_create());

    private protected override void SignExact(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_pkcs8.IsClosed, this);
        var instance = _instances.Rent();
        // If the instance threw, leave it to its finalizer: its state is unknown.
        var signed = TrySign(instance, signingInput, destination, out var written);
        _instances.Return(instance);
        if (!signed || written != destination.Length)
        {
            throw new CryptographicException("The provider wrote a signature of another length.");
        }
    }

    private protected abstract bool TrySign(TInstance instance, ReadOnlySpan<byte> signingInput, Span<byte> destination, out int written);

    private protected override void Zero()
    {
        _instances.Close();
        _pkcs8.Dispose();
    }

    private static void ThrowIfNotAll(int read, int length, SignatureAlgorithm algorithm)
    {
        if (read != length)
        {
            throw new CryptographicException($"There are extra bytes after the private key for {algorithm.Name}.");
        }
    }
}
