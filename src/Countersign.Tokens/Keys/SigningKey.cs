using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>
/// A private key or secret that signs with one algorithm. Safe for use by many threads; <see cref="Dispose"/> zeroes the key material and is called when no
/// thread signs any more. The <see cref="VerificationKey"/> goes on working after that.
/// </summary>
public abstract class SigningKey : IDisposable
{
    private protected SigningKey(VerificationKey verificationKey) => VerificationKey = verificationKey;

    /// <summary>The value of <c>kid</c> that is written into headers; null writes none.</summary>
    public string? KeyId => VerificationKey.KeyId;

    /// <summary>The one algorithm that this key is for.</summary>
    public SignatureAlgorithm Algorithm => VerificationKey.Algorithm;

    /// <summary>Length of every signature in bytes.</summary>
    public int SignatureBytes => VerificationKey.SignatureBytes;

    /// <summary>The key that verifies what this one signs, with the same id.</summary>
    public VerificationKey VerificationKey { get; }

    /// <summary>Signs (RFC 7515 §5.1).</summary>
    /// <param name="signingInput">The bytes to sign.</param>
    /// <param name="destination">Receives the raw signature; at least <see cref="SignatureBytes"/> long.</param>
    /// <returns>The number of bytes written, always <see cref="SignatureBytes"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public int Sign(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        if (destination.Length < SignatureBytes)
        {
            throw new ArgumentException($"A signature of this key takes {SignatureBytes} bytes.", nameof(destination));
        }

        SignExact(signingInput, destination[..SignatureBytes]);
        return SignatureBytes;
    }

    /// <summary>Makes a fresh key. Its id is the RFC 7638 thumbprint, and random for a secret.</summary>
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
    /// <param name="pkcs8">The PKCS#8 PrivateKeyInfo in DER (RFC 5208 §5), not encrypted, to the last byte.</param>
    /// <param name="algorithm">An asymmetric algorithm. The key is on its curve, or an RSA key of 2,048 to 16,384 bits with an exponent of 65537 or more.</param>
    /// <param name="keyId">The key id; null takes the RFC 7638 thumbprint.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="algorithm"/> is symmetric, the bytes are no private key of its kind or too weak a one, private and public part do not
    /// fit, or the id is not allowed.
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
    /// One block labelled <c>PRIVATE KEY</c>, which holds PKCS#8, and nothing else but white space. PKCS#1 (<c>RSA PRIVATE KEY</c>) and SEC 1
    /// (<c>EC PRIVATE KEY</c>) are refused.
    /// </param>
    /// <param name="algorithm">As for <see cref="FromPkcs8"/>.</param>
    /// <param name="keyId">The key id; null takes the RFC 7638 thumbprint.</param>
    /// <exception cref="ArgumentException">The text is no such block, or its key is refused by <see cref="FromPkcs8"/>.</exception>
    public static SigningKey FromPem(ReadOnlySpan<char> pem, SignatureAlgorithm algorithm, string? keyId = null)
    {
        var pkcs8 = PemText.Decode(pem, PemText.PrivateKey, "Turn it into PKCS#8 with: openssl pkcs8 -topk8 -nocrypt");
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
    /// <param name="pem">One block labelled <c>ENCRYPTED PRIVATE KEY</c>, and nothing else but white space.</param>
    /// <param name="password">What it is encrypted with.</param>
    /// <param name="algorithm">As for <see cref="FromPkcs8"/>.</param>
    /// <param name="keyId">The key id; null takes the RFC 7638 thumbprint.</param>
    /// <exception cref="ArgumentException">
    /// The text is no such block, the password is not the one it was encrypted with, or its key is refused by <see cref="FromPkcs8"/>.
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

    /// <summary>Takes a secret, which is copied.</summary>
    /// <param name="secret">At least <see cref="SignatureAlgorithm.MinimumSecretBytes"/> random bytes.</param>
    /// <param name="algorithm">A symmetric algorithm.</param>
    /// <param name="keyId">The key id; null for a shared secret whose tokens carry none.</param>
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

    /// <summary>The private part: PKCS#8 in DER, or the raw secret. The caller zeroes the array when done with it.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public abstract byte[] ExportPrivateKey();

    /// <summary>The public part: X.509 SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7).</summary>
    /// <exception cref="InvalidOperationException">The key is symmetric: it has no public part.</exception>
    public abstract byte[] ExportSubjectPublicKeyInfo();

    /// <summary>The private key as a PEM block labelled <c>PRIVATE KEY</c> (RFC 7468 §10), in the clear and in a text that cannot be zeroed.</summary>
    /// <exception cref="InvalidOperationException">The key is symmetric: PKCS#8 has no secrets.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public string ExportPkcs8PrivateKeyPem()
    {
        if (Algorithm.IsSymmetric)
        {
            throw new InvalidOperationException("A secret has no PKCS#8.");
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

    /// <summary>Zeroes the key material; signing and exporting throw from then on.</summary>
    public void Dispose()
    {
        Zero();
        GC.SuppressFinalize(this);
    }

    /// <summary>The algorithm and the key id; never key material.</summary>
    public override string ToString() => $"{Algorithm.Name} signing key {KeyId ?? "without id"}";

    /// <summary>Writes the members of a JWK that are the private key itself (RFC 7518 §6.2.2, §6.3.2, §6.4.1).</summary>
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
