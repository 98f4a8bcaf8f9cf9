using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>
/// HMAC (RFC 2104) under one secret. Instances are kept, since preparing one for a key costs as much as hashing a token; each is used by one thread at a time.
/// </summary>
internal sealed class HmacPool(KeyMemory secret, HashAlgorithmName hash)
{
    private readonly KeyPool<IncrementalHash> _instances = new(() => secret.OpenHmac(hash));

    /// <param name="input">What is hashed.</param>
    /// <param name="destination">Exactly as long as the hash.</param>
    /// <exception cref="ObjectDisposedException">The secret is zeroed.</exception>
    public void Compute(ReadOnlySpan<byte> input, Span<byte> destination)
    {
        var instance = _instances.Rent();
        // An instance that threw is left to its finalizer: there may be input in it.
        instance.AppendData(input);
        var written = instance.GetHashAndReset(destination);
        _instances.Return(instance);
        if (written != destination.Length)
        {
            throw new CryptographicException("The provider wrote a hash of another length.");
        }
    }

    /// <summary>Lets go of every instance, and of those in use when they are given back.</summary>
    public void Close() => _instances.Close();
}
