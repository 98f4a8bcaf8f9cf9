using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>
/// HMAC (RFC 2104) under one secret. Instances are kept: preparing one for a key costs as much as hashing a token. One thread uses an instance at a time.
/// </summary>
internal sealed class HmacPool(KeyMemory secret, HashAlgorithmName hash)
{
    private readonly KeyPool<IncrementalHash> _instances = new(() => secret.OpenHmac(hash));

    /// <param name="input">The bytes to hash.</param>
    /// <param name="destination">Exactly as long as the hash.</param>
    /// <exception cref="ObjectDisposedException">The secret has been zeroed.</exception>
    public void Compute(ReadOnlySpan<byte> input, Span<byte> destination)
    {
        var instance = _instances.Rent();
        // If the instance threw, leave it to its finalizer: it may still hold input.
        instance.AppendData(input);
        var written = instance.GetHashAndReset(destination);
        _instances.Return(instance);
        if (written != destination.Length)
        {
            throw new CryptographicException("The provider wrote a hash of another length.");
        }
    }

    /// <summary>Releases all idle instances. Instances in use are released when they are returned.</summary>
    public void Close() => _instances.Close();
}
