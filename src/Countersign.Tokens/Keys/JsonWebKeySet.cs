using System.Diagnostics.CodeAnalysis;

namespace Countersign.Tokens.Keys;

/// <summary>
/// Writes and reads JWK Sets (RFC 7517 §5). Public and private sets have separate methods. Private keys and secrets are never written to a public set and
/// never read from one.
/// </summary>
public static class JsonWebKeySet
{
    /// <summary>Writes the public keys. Secrets are left out.</summary>
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

    /// <summary>Writes private keys and secrets without encryption.</summary>
    /// <param name="keys">The keys.</param>
    /// <returns>The set as JSON in UTF-8. The caller zeroes it after use.</returns>
    /// <exception cref="ObjectDisposedException">A key has been disposed of.</exception>
    public static byte[] WritePrivate(IEnumerable<SigningKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return JsonWebKeyWriter.WritePrivateSet([.. keys]);
    }

    /// <summary>
    /// Reads a set of public keys. A key with an unknown <c>kty</c> or <c>alg</c> is skipped (RFC 7517 §5), so a service keeps working when its issuer
    /// publishes one. If a key of a known kind is faulty, the whole set is refused: with only the other keys, a service would refuse genuine tokens without
    /// saying why. The set is also refused if it has a key that <see cref="JsonWebKey.TryRead"/> refuses, a key without <c>kid</c>, or two keys with one id.
    /// Other members are ignored (RFC 7517 §4).
    /// </summary>
    /// <param name="json">The set in UTF-8, at most 64 KiB: about 300 keys on P-256, or 140 RSA keys of 2,048 bits.</param>
    /// <param name="keys">The keys, none of which signs. Null when the set is refused. Empty when it has no key of a known kind.</param>
    /// <param name="fault">What is wrong, and with which key; null when nothing is.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out KeySet? keys, [NotNullWhen(false)] out string? fault)
    {
        fault = JsonWebKeySetReader.ReadPublic(json, out keys);
        return keys is not null && fault is null;
    }

    /// <summary>
    /// Reads a set of private keys and secrets. It refuses a set with a key that <see cref="JsonWebKey.TryReadPrivate"/> refuses, a key of an unknown kind, two
    /// keys with one id, or both secrets and asymmetric keys.
    /// </summary>
    /// <param name="json">The set in UTF-8, at most 64 KiB.</param>
    /// <param name="keys">The keys in their order; null when the set is refused. The caller disposes of each key.</param>
    /// <param name="fault">What is wrong, and with which key; null when nothing is. It never contains a value of a key.</param>
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
