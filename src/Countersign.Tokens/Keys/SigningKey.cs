using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>
/// A private key or secret that signs with one algorithm. Safe for use by many threads. <see cref="Dispose"/> zeroes the key material; call it when no
/// thread signs any more. The <see cref="VerificationKey"/> still works after that.
/// </summary>
public abstract class SigningKey : IDisposable
{
    private protected SigningKey(VerificationKey verificationKey) => VerificationKey = verificationKey;

    /// <summary>The value of <c>kid</c> in the headers of its tokens; null writes none.</summary>
    public string? KeyId => VerificationKey.KeyId;

    /// <summary>The only algorithm of this key.</summary>
    public SignatureAlgorithm Algorithm => VerificationKey.Algorithm;

    /// <summary>Length of every signature in bytes.</summary>
    public int SignatureBytes => VerificationKey.SignatureBytes;

    /// <summary>The key that verifies the signatures of this one. It has the same id.</summary>
    public VerificationKey VerificationKey { get; }

    /// <summary>Signs (RFC 7515 §5.1).</summary>
    /// <param name="signingInput">The bytes to sign.</param>
    /// <param name="destination">Receives the raw signature; at least <see cref="SignatureBytes"/> long.</param>
    /// <returns>The number of bytes written, always <see cref="SignatureBytes"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The key has been disposed of.</exception>
    public int Sign(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        if (destination.Length < SignatureBytes)
        {
            throw new ArgumentException($"A signature of this key takes {SignatureBytes} bytes.", nameof(destination));
        }

        SignExact(signingInput, destination[..SignatureBytes]);
        return SignatureBytes;
    }

    /// <summary>Makes a fresh key. Its id is the RFC 7638 thumbprint; the id of a secret is random.</summary>
    public static SigningKey Create(SignatureAlgorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return algorithm.Family switch
        {
            SignatureFamily.Ecdsa => EcdsaSigningKey.Create(algorithm),
            SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss => RsaSigningKey.Create(algorithm),
            _ => CreateSecret(algorithm),
        };
    }

    /// <summary>Reads a private key.</summary>
    /// <param name="pkcs8">The PKCS#8 PrivateKeyInfo in DER (RFC 5208 §5), not encrypted, with nothing after it.</param>
    /// <param name="algorithm">
    /// An asymmetric algorithm. The key must be on its curve, or be an RSA key of 2,048 to 16,384 bits with an exponent of 65537 or more.
    /// </param>
    /// <param name="keyId">The key id; null uses the RFC 7638 thumbprint.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="algorithm"/> is symmetric, the bytes are not a private key of its kind, the key is too weak, the private and the public part do not fit,
    /// or the id is not allowed.
    /// </exception>
    public static SigningKey FromPkcs8(ReadOnlySpan<byte> pkcs8, SignatureAlgorithm algorithm, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return algorithm.Family switch
        {
            SignatureFamily.Ecdsa => EcdsaSigningKey.Import(pkcs8, algorithm, keyId),
            SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss => RsaSigningKey.Import(pkcs8, algorithm, keyId),
            _ => throw new ArgumentException($"{algorithm.Name} has no private keys in PKCS#8; use {nameof(FromSecret)}.", nameof(algorithm)),
        };
    }

    /// <summary>Reads a private key from PEM (RFC 7468 §10).</summary>
    /// <param name="pem">
    /// One block labelled <c>PRIVATE KEY</c>, which holds PKCS#8. Only white space may surround it. PKCS#1 (<c>RSA PRIVATE KEY</c>) and SEC 1
    /// (<c>EC PRIVATE KEY</c>) are refused.
    /// </param>
    /// <param name="algorithm">The algorithm, as in <see cref="FromPkcs8"/>.</param>
    /// <param name="keyId">The key id; null uses the RFC 7638 thumbprint.</param>
    /// <exception cref="ArgumentException">The text is not such a block, or <see cref="FromPkcs8"/> refuses its key.</exception>
    public static SigningKey FromPem(ReadOnlySpan<char> pem, SignatureAlgorithm algorithm, string? keyId = null)
    {
        var pkcs8 = PemText.Decode(pem, PemText.PrivateKey, "Convert it to PKCS#8 with: openssl pkcs8 -topk8 -nocrypt");
        try
        {
            return FromPkcs8(pkcs8, algorithm, keyId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>Reads an encrypted private key from PEM (RFC 7468 §11).</summary>
    /// <param name="pem">One block labelled <c>ENCRYPTED PRIVATE KEY</c>. Only white space may surround it.</param>
    /// <param name="password">The password that decrypts it.</param>
    /// <param name="algorithm">The algorithm, as in <see cref="FromPkcs8"/>.</param>
    /// <param name="keyId">The key id; null uses the RFC 7638 thumbprint.</param>
    /// <exception cref="ArgumentException">
    /// The text is not such a block, the password is wrong, or <see cref="FromPkcs8"/> refuses its key.
    /// </exception>
    public static SigningKey FromEncryptedPem(ReadOnlySpan<char> pem, ReadOnlySpan<char> password, SignatureAlgorithm algorithm, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        var encrypted = PemText.Decode(pem, PemText.EncryptedPrivateKey, $"Use {nameof(FromPem)} for a key that is not encrypted.");
        return algorithm.Family switch
        {
            SignatureFamily.Ecdsa => EcdsaSigningKey.ImportEncrypted(encrypted, password, algorithm, keyId),
            SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss => RsaSigningKey.ImportEncrypted(encrypted, password, algorithm, keyId),
            _ => throw new ArgumentException($"{algorithm.Name} has no private keys in PKCS#8; use {nameof(FromSecret)}.", nameof(algorithm)),
        };
    }

    /// <summary>Makes a key from a secret. The secret is copied.</summary>
    /// <param name="secret">At least <see cref="SignatureAlgorithm.MinimumSecretBytes"/> random bytes.</param>
    /// <param name="algorithm">A symmetric algorithm.</param>
    /// <param name="keyId">The key id; null for a shared secret whose tokens have no <c>kid</c>.</param>
    /// <exception cref="ArgumentException">The secret is too short (RFC 7518 §3.2), the algorithm is asymmetric, or the id is not allowed.</exception>
    public static SigningKey FromSecret(ReadOnlySpan<byte> secret, SignatureAlgorithm algorithm, string? keyId)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (algorithm.Family != SignatureFamily.Hmac)
        {
            throw new ArgumentException($"{algorithm.Name} does not sign with a secret.", nameof(algorithm));
        }

        if (secret.Length < algorithm.MinimumSecretBytes)
        {
            throw new ArgumentException(
                $"A secret for {algorithm.Name} has at least {algorithm.MinimumSecretBytes} bytes (RFC 7518 section 3.2).", nameof(secret));
        }

        return new HmacSigningKey(secret, algorithm, keyId);
    }

    /// <summary>Exports the private part: PKCS#8 in DER, or the raw secret. The caller zeroes the array after use.</summary>
    /// <exception cref="ObjectDisposedException">The key has been disposed of.</exception>
    public abstract byte[] ExportPrivateKey();

    /// <summary>Exports the public part: X.509 SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7).</summary>
    /// <exception cref="InvalidOperationException">The key is symmetric and has no public part.</exception>
    public abstract byte[] ExportSubjectPublicKeyInfo();

    /// <summary>
    /// Exports the private key as a PEM block labelled <c>PRIVATE KEY</c> (RFC 7468 §10). It is not encrypted, and the string cannot be zeroed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The key is symmetric. PKCS#8 cannot hold a secret.</exception>
    /// <exception cref="ObjectDisposedException">The key has been disposed of.</exception>
    public string ExportPkcs8PrivateKeyPem()
    {
        if (Algorithm.IsSymmetric)
        {
            throw new InvalidOperationException("PKCS#8 cannot hold a secret.");
        }

        var pkcs8 = ExportPrivateKey();
        try
        {
            return PemEncoding.WriteString(PemText.PrivateKey, pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>Zeroes the key material. Signing and exporting throw afterwards.</summary>
    public void Dispose()
    {
        Zero();
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the algorithm and the key id, never key material.</summary>
    public override string ToString() => $"{Algorithm.Name} signing key {KeyId ?? "without id"}";

    /// <summary>Writes the members of a JWK that contain the private key itself (RFC 7518 §6.2.2, §6.3.2, §6.4.1).</summary>
    internal abstract void WritePrivateMembers(Utf8JsonWriter writer);

    private protected abstract void SignExact(ReadOnlySpan<byte> signingInput, Span<byte> destination);

    private protected abstract void Zero();

    private static HmacSigningKey CreateSecret(SignatureAlgorithm algorithm)
    {
        Span<byte> secret = stackalloc byte[algorithm.MinimumSecretBytes];
        RandomNumberGenerator.Fill(secret);
        try
        {
            return new HmacSigningKey(secret, algorithm, KeyIdentifier.Random());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
