using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>A private key on the algorithm's curve.</summary>
internal sealed class EcdsaSigningKey : AsymmetricSigningKey<ECDsa>
{
    private EcdsaSigningKey(ReadOnlySpan<byte> pkcs8, EcdsaVerificationKey verificationKey)
        : base(pkcs8, verificationKey, ECDsa.Create)
    {
    }

    public static new EcdsaSigningKey Create(SignatureAlgorithm algorithm)
    {
        using var key = ECDsa.Create(algorithm.Curve!.Curve);
        return FromInstance(key, algorithm, keyId: null);
    }

    public static EcdsaSigningKey Import(ReadOnlySpan<byte> pkcs8, SignatureAlgorithm algorithm, string? keyId)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            return read == pkcs8.Length && algorithm.Curve!.Is(key.ExportParameters(includePrivateParameters: false))
                ? FromInstance(key, algorithm, keyId)
                : throw new ArgumentException($"The bytes are not exactly one private key on {algorithm.Curve!.Name}.", nameof(pkcs8));
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"The bytes are no private key for {algorithm.Name}.", nameof(pkcs8), exception);
        }
    }

    /// <exception cref="CryptographicException">Private and public part do not fit.</exception>
    public static EcdsaSigningKey FromInstance(ECDsa key, SignatureAlgorithm algorithm, string? keyId)
    {
        var verificationKey = EcdsaVerificationKey.FromPoint(key.ExportParameters(includePrivateParameters: false).Q, algorithm, keyId);
        var exported = key.ExportPkcs8PrivateKey();
        var signingKey = new EcdsaSigningKey(exported, verificationKey);
        CryptographicOperations.ZeroMemory(exported);
        signingKey.DisposeAndThrowIfNotFit();
        return signingKey;
    }

    private protected override bool TrySign(ECDsa instance, ReadOnlySpan<byte> signingInput, Span<byte> destination, out int written) =>
        instance.TrySignData(signingInput, destination, Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out written);
}
