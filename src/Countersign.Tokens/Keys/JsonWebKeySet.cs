using System.Diagnostics.CodeAnalysis;

namespace Countersign.Tokens.Keys;

/// <summary>
/// Writes and reads JWK Sets (RFC 7517 §5). Public and private sets have methods of their own: private keys and secrets are neither written to a public set
/// nor taken from one.
/// </summary>
public static class JsonWebKeySet
{
    /// <summary>Writes the public keys; secrets are left out.</summary>
    /// <param name="keys">The keys, each with an id.</param>
    /// <returns>
    /// The set as JSON in UTF-8, with the members <c>kty</c>, <c>use</c>, <c>alg</c>, <c>kid</c> of each key, and <c>crv</c>, <c>x</c>, <c>y</c> or <c>n</c>,
    /// <c>e</c>.
    /// </returns>
    public static byte[] Write(IEnumerable<VerificationKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return JsonWebKeyWriter.WriteSet(keys.OfType<AsymmetricVerificationKey>());
    }

    /// <summary>Writes private keys and secrets, in the clear.</summary>
    /// <param name="keys">The keys.</param>
    /// <returns>The set as JSON in UTF-8, which the caller zeroes when done with it.</returns>
    /// <exception cref="ObjectDisposedException">A key was disposed of.</exception>
    public static byte[] WritePrivate(IEnumerable<SigningKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return JsonWebKeyWriter.WritePrivateSet([.. keys]);
    }

    /// <summary>
    /// Reads a set of public keys. A key of an unknown <c>kty</c> or <c>alg</c> is passed over (RFC 7517 §5), so that a service does not stop when its
    /// issuer publishes one. A bad key of a known kind refuses the whole set: a service that went on with the rest would refuse genuine tokens without saying
    /// why. Refused are what <see cref="JsonWebKey.TryRead"/> refuses, keys without <c>kid</c>, and two keys of one id. Other members are ignored (RFC 7517 §4).
    /// </summary>
    /// <param name="json">The set in UTF-8, at most 64 KiB: some 300 keys on P-256, 140 of RSA with 2,048 bits.</param>
    /// <param name="keys">The keys, none of which signs; null when the set is refused. Empty when none of the keys is of a known kind.</param>
    /// <param name="fault">What is wrong, naming the key; null when nothing is.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out KeySet? keys, [NotNullWhen(false)] out string? fault)
    {
        fault = JsonWebKeySetReader.ReadPublic(json, out keys);
        return keys is not null && fault is null;
    }

    /// <summary>
    /// Reads a set of private keys and secrets. Refused are what <see cref="JsonWebKey.TryReadPrivate"/> refuses, keys of unknown kinds, two keys of one id,
    /// and a set that mixes secrets and asymmetric keys.
    /// </summary>
    /// <param name="json">The set in UTF-8, at most 64 KiB.</param>
    /// <param name="keys">The keys in their order, each of which the caller disposes of; null when the set is refused.</param>
    /// <param name="fault">What is wrong, naming the key; null when nothing is. Never a value of a key.</param>
    public static bool TryReadPrivate(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out IReadOnlyList<SigningKey>? keys, [NotNullWhen(false)] out string? fault)
    {
        var read = new List<SigningKey>();
        fault = JsonWebKeySetReader.ReadPrivate(json, read);
        if (fault is not null)
        {
            read.ForEach(static key => key.Dispose());
        }

        keys = fault is null ? read : null;
        return keys is not null && fault is null;
    }
}
