using System.Diagnostics.CodeAnalysis;

namespace Countersign.Tokens.Keys;

/// <summary>
/// Writes and reads single JWKs (RFC 7517 §4, RFC 7518 §6). Public and private keys have methods of their own: a method for public ones never writes a private
/// member and refuses a key that has one.
/// </summary>
public static class JsonWebKey
{
    /// <summary>Writes a public key.</summary>
    /// <param name="key">An asymmetric key.</param>
    /// <returns>JSON in UTF-8 with <c>kty</c>, <c>use</c>, <c>alg</c>, <c>kid</c>, and <c>crv</c>, <c>x</c>, <c>y</c> or <c>n</c>, <c>e</c>.</returns>
    /// <exception cref="ArgumentException">The key is symmetric: it has no public part.</exception>
    public static byte[] Write(VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key is AsymmetricVerificationKey asymmetric
            ? JsonWebKeyWriter.Write(asymmetric)
            : throw new ArgumentException("A secret has no public part.", nameof(key));
    }

    /// <summary>Writes a private key or secret, in the clear.</summary>
    /// <param name="key">The key; one without id is written without <c>kid</c>.</param>
    /// <returns>JSON in UTF-8 with the private members, which the caller zeroes when done with it.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public static byte[] WritePrivate(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return JsonWebKeyWriter.WritePrivate(key);
    }

    /// <summary>
    /// Reads a public key. Refused are secrets, private members, a missing or unsupported <c>alg</c>, a <c>use</c> other than <c>sig</c>, <c>key_ops</c>
    /// that are not for verifying, a type, curve or length that does not fit, points off the curve, RSA keys of fewer than 2,048 bits or with an exponent
    /// below 65537. Members that are not known are ignored (RFC 7517 §4).
    /// </summary>
    /// <param name="json">The key in UTF-8, at most 64 KiB.</param>
    /// <param name="key">The key; its id is <c>kid</c>, or the RFC 7638 thumbprint where that is missing. Null when it is refused.</param>
    /// <param name="fault">What is wrong; null when nothing is. Never a value of the key.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out VerificationKey? key, [NotNullWhen(false)] out string? fault)
    {
        using var document = JsonWebKeyDocument.TryParse(json);
        key = null;
        fault = document is null ? JsonWebKeyDocument.Malformed : JsonWebKeyReader.ReadPublic(document.Root, out key);
        return key is not null && fault is null;
    }

    /// <summary>
    /// Reads a private key or secret. Refused is what <see cref="TryRead"/> refuses; private keys whose parts do not fit or are not all there, secrets shorter
    /// than the hash or without <c>kid</c>, and <c>key_ops</c> that are not for signing.
    /// </summary>
    /// <param name="json">The key in UTF-8, at most 64 KiB.</param>
    /// <param name="key">The key, which the caller disposes of; null when it is refused.</param>
    /// <param name="fault">What is wrong; null when nothing is. Never a value of the key.</param>
    public static bool TryReadPrivate(ReadOnlySpan<byte> json, [NotNullWhen(true)] out SigningKey? key, [NotNullWhen(false)] out string? fault)
    {
        using var document = JsonWebKeyDocument.TryParse(json);
        key = null;
        fault = document is null ? JsonWebKeyDocument.Malformed : PrivateJsonWebKeyReader.Read(document.Root, out key);
        return key is not null && fault is null;
    }
}
