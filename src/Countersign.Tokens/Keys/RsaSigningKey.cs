using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>An RSA private key, under one padding and one hash.</summary>
internal sealed class RsaSigningKey : AsymmetricSigningKey<RSA>
{
    private readonly RSASignaturePadding _padding;

    private RsaSigningKey(ReadOnlySpan<byte> pkcs8, RsaVerificationKey verificationKey)
        : base(pkcs8, verificationKey, RSA.Create) => _padding = RsaVerificationKey.PaddingOf(verificationKey.Algorithm);

    public static new RsaSigningKey Create(SignatureAlgorithm algorithm)
    {
        using var key = RSA.Create(algorithm.FreshKeyBits);
        return FromInstance(key, algorithm, keyId: null);
    }

    public static RsaSigningKey Import(ReadOnlySpan<byte> pkcs8, SignatureAlgorithm algorithm, string? keyId)
    {
        try
        {
            using var key = RSA.Create();
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            return read == pkcs8.Length
                ? FromInstance(key, algorithm, keyId)
                : throw new ArgumentException("The bytes are not exactly one RSA private key.", nameof(pkcs8));
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"The bytes are no private key for {algorithm.Name}: {exception.Message}", nameof(pkcs8), exception);
        }
    }

    /// <exception cref="CryptographicException">The key is too weak, too long, or its private and public part do not fit.</exception>
    public static RsaSigningKey FromInstance(RSA key, SignatureAlgorithm algorithm, string? keyId)
    {
        var verificationKey = RsaVerificationKey.FromParameters(key.ExportParameters(includePrivateParameters: false), algorithm, keyId);
        var exported = key.ExportPkcs8PrivateKey();
        var signingKey = new RsaSigningKey(exported, verificationKey);
        CryptographicOperations.ZeroMemory(exported);
        signingKey.DisposeAndThrowIfNotFit();
        return signingKey;
    }

    private protected override bool TrySign(RSA instance, ReadOnlySpan<byte> signingInput, Span<byte> destination, out int written) =>
        instance.TrySignData(signingInput, destination, Algorithm.Hash, _padding, out written);
}
