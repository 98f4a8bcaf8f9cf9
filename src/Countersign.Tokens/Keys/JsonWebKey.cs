using System.Diagnostics.CodeAnalysis;

namespace Countersign.Tokens.Keys;

/// <summary>
/// Writes and reads single JWKs (RFC 7517 §4, RFC 7518 §6). Public and private keys have separate methods. A method for public keys never writes a private
/// member, and refuses a key that has one.
/// </summary>
public static class JsonWebKey
{
    /// <summary>Writes a public key.</summary>
    /// <param name="key">An asymmetric key.</param>
    /// <returns>JSON in UTF-8 with <c>kty</c>, <c>use</c>, <c>alg</c>, <c>kid</c>, and <c>crv</c>, <c>x</c>, <c>y</c> or <c>n</c>, <c>e</c>.</returns>
    /// <exception cref="ArgumentException">The key is symmetric and has no public part.</exception>
    public static byte[] Write(VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key is AsymmetricVerificationKey asymmetric
            ? JsonWebKeyWriter.Write(asymmetric)
            : throw new ArgumentException("A secret has no public part.", nameof(key));
    }

    /// <summary>Writes a private key or secret without encryption.</summary>
    /// <param name="key">The key. A key without id is written without <c>kid</c>.</param>
    /// <returns>JSON in UTF-8 with the private members. The caller zeroes it after use.</returns>
    /// <exception cref="ObjectDisposedException">The key has been disposed of.</exception>
    public static byte[] WritePrivate(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return JsonWebKeyWriter.WritePrivate(key);
    }

    /// <summary>
    /// Reads a public key. It refuses secrets, private members, a missing or unsupported <c>alg</c>, a <c>use</c> other than <c>sig</c>, <c>key_ops</c> that
    /// are not for verifying, a type, curve or length that does not fit, points off the curve, and RSA keys of fewer than 2,048 bits or with an exponent below
    /// 65537. Unknown members are ignored (RFC 7517 §4).
    /// </summary>
    /// <param name="json">The key in UTF-8, at most 64 KiB.</param>
    /// <param name="key">The key. Its id is <c>kid</c>, or the RFC 7638 thumbprint if <c>kid</c> is missing. Null when it is refused.</param>
    /// <param name="fault">What is wrong; null when nothing is. It never contains a value of the key.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out VerificationKey? key, [NotNullWhen(false)] out string? fault)
    {
        using var document = JsonWebKeyDocument.TryParse(json);
        key = null;
        fault = document is null ? JsonWebKeyDocument.Malformed : JsonWebKeyReader.ReadPublic(document.Root, out key);
        return key is not null && fault is null;
    }

    /// <summary>
    /// Reads a private key or secret. It refuses what <see cref="TryRead"/> refuses, private keys whose parts are incomplete or do not fit, secrets that are
    /// shorter than the hash or have no <c>kid</c>, and <c>key_ops</c> that are not for signing.
    /// </summary>
    /// <param name="json">The key in UTF-8, at most 64 KiB.</param>
    /// <param name="key">The key; null when it is refused. The caller disposes of it.</param>
    /// <param name="fault">What is wrong; null when nothing is. It never contains a value of the key.</param>
    public static bool TryReadPrivate(ReadOnlySpan<byte> json, [NotNullWhen(true)] out SigningKey? key, [NotNullWhen(false)] out string? fault)
    {
        using var document = JsonWebKeyDocument.TryParse(json);
        key = null;
        fault = document is null ? JsonWebKeyDocument.Malformed : PrivateJsonWebKeyReader.Read(document.Root, out key);
        return key is not null && fault is null;
    }
}
