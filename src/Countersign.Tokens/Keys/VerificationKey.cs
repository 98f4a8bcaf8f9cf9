using System.Security.Cryptography;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Keys;

/// <summary>
/// A key that can only verify signatures of one algorithm. Symmetric and asymmetric keys have different internal types, so a public key can never serve as a
/// secret (RFC 8725 §2.1). Safe for use by many threads.
/// </summary>
public abstract class VerificationKey
{
    private readonly byte[] _accessHeader;
    private readonly byte[] _refreshHeader;

    private protected VerificationKey(SignatureAlgorithm algorithm, string? keyId, int signatureBytes)
    {
        KeyIdentifier.ThrowIfNotAllowed(keyId);
        Algorithm = algorithm;
        KeyId = keyId;
        SignatureBytes = signatureBytes;
        _accessHeader = JoseHeaderWriter.Write(this, TokenType.Access);
        _refreshHeader = JoseHeaderWriter.Write(this, TokenType.Refresh);
    }

    /// <summary>The value of <c>kid</c> that names this key; null only for the secrets of <see cref="TokenPolicy.SharedSecret"/>.</summary>
    public string? KeyId { get; }

    /// <summary>The only algorithm of this key.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>
    /// Length of every signature in bytes: of the hash (HMAC), twice the coordinate (ECDSA), or the modulus (RSA). A signature of another length is refused
    /// without being read.
    /// </summary>
    public int SignatureBytes { get; }

    /// <summary>Whether <paramref name="signature"/> is this key's signature over <paramref name="signingInput"/> (RFC 7515 §5.2).</summary>
    /// <param name="signingInput">The bytes that were signed.</param>
    /// <param name="signature">
    /// The raw signature; for ECDSA r and s side by side. The result is false if the length is not <see cref="SignatureBytes"/>.
    /// </param>
    /// <returns>False for any other signature. An HMAC is compared in fixed time.</returns>
    /// <exception cref="CryptographicException">The cryptographic provider itself failed.</exception>
    public bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature) =>
        // Providers check the length too, but we don't rely on them.
        signature.Length == SignatureBytes && VerifyExact(signingInput, signature);

    /// <summary>Reads a public key.</summary>
    /// <param name="spki">The X.509 SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7), with nothing after it.</param>
    /// <param name="algorithm">
    /// An asymmetric algorithm. The key must be on its curve, or be an RSA key of 2,048 to 16,384 bits with an exponent of 65537 or more.
    /// </param>
    /// <param name="keyId">The key id; null uses the RFC 7638 thumbprint.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="algorithm"/> is symmetric, the bytes are not a public key of its kind, the key is too weak, the point is not on the curve, or the id is
    /// not allowed.
    /// </exception>
    public static VerificationKey FromSubjectPublicKeyInfo(ReadOnlySpan<byte> spki, SignatureAlgorithm algorithm, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return algorithm.Family switch
        {
            SignatureFamily.Ecdsa => EcdsaVerificationKey.Import(spki, algorithm, keyId),
            SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss => RsaVerificationKey.Import(spki, algorithm, keyId),
            _ => throw new ArgumentException($"{algorithm.Name} has no public keys.", nameof(algorithm)),
        };
    }

    /// <summary>Reads a public key from PEM (RFC 7468 §13).</summary>
    /// <param name="pem">
    /// One block labelled <c>PUBLIC KEY</c>, which holds a SubjectPublicKeyInfo. Only white space may surround it. PKCS#1 (<c>RSA PUBLIC KEY</c>) and
    /// certificates are refused.
    /// </param>
    /// <param name="algorithm">The algorithm, as in <see cref="FromSubjectPublicKeyInfo"/>.</param>
    /// <param name="keyId">The key id; null uses the RFC 7638 thumbprint.</param>
    /// <exception cref="ArgumentException">The text is not such a block, or <see cref="FromSubjectPublicKeyInfo"/> refuses its key.</exception>
    public static VerificationKey FromPem(ReadOnlySpan<char> pem, SignatureAlgorithm algorithm, string? keyId = null) => FromSubjectPublicKeyInfo(
        PemText.Decode(pem, PemText.PublicKey, "Convert PKCS#1 with: openssl rsa -RSAPublicKey_in -pubout"), algorithm, keyId);

    /// <summary>Exports the public key as X.509 SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7).</summary>
    /// <exception cref="InvalidOperationException">The key is symmetric and has no public part.</exception>
    public abstract byte[] ExportSubjectPublicKeyInfo();

    /// <summary>Exports the public key as a PEM block labelled <c>PUBLIC KEY</c> (RFC 7468 §13).</summary>
    /// <exception cref="InvalidOperationException">The key is symmetric and has no public part.</exception>
    public string ExportSubjectPublicKeyInfoPem() => PemEncoding.WriteString(PemText.PublicKey, ExportSubjectPublicKeyInfo());

    /// <summary>Returns the algorithm and the key id, never key material.</summary>
    public override string ToString() => $"{Algorithm.Name} verification key {KeyId ?? "without id"}";

    /// <summary>The header segment of this key's tokens of the given type. The bytes are always the same, so they are made once.</summary>
    internal ReadOnlySpan<byte> EncodedHeader(TokenType type) => type == TokenType.Access ? _accessHeader : _refreshHeader;

    /// <summary>Finds the header segment with which a token begins; empty if it begins with neither.</summary>
    internal byte[] FindHeader(ReadOnlySpan<byte> token) =>
        token.StartsWith(_accessHeader) ? _accessHeader : token.StartsWith(_refreshHeader) ? _refreshHeader : [];

    private protected abstract bool VerifyExact(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature);
}
