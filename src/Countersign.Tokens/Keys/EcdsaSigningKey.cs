using System.Security.Cryptography;
using System.Text.Json;

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
        using var key = ECDsa.Create();
        ImportExactly(key, pkcs8, algorithm);
        return FromImported(key, algorithm, keyId);
    }

    public static EcdsaSigningKey ImportEncrypted(ReadOnlySpan<byte> encrypted, ReadOnlySpan<char> password, SignatureAlgorithm algorithm, string? keyId)
    {
        using var key = ECDsa.Create();
        ImportExactly(key, encrypted, password, algorithm);
        return FromImported(key, algorithm, keyId);
    }

    /// <exception cref="CryptographicException">The private and the public part do not fit.</exception>
    public static EcdsaSigningKey FromInstance(ECDsa key, SignatureAlgorithm algorithm, string? keyId)
    {
        var verificationKey = EcdsaVerificationKey.FromPoint(key.ExportParameters(includePrivateParameters: false).Q, algorithm, keyId);
        var exported = key.ExportPkcs8PrivateKey();
        var signingKey = new EcdsaSigningKey(exported, verificationKey);
        CryptographicOperations.ZeroMemory(exported);
        signingKey.DisposeAndThrowIfNotFit();
        return signingKey;
    }

    internal override void WritePrivateMembers(Utf8JsonWriter writer)
    {
        using var key = Open();
        var parameters = key.ExportParameters(includePrivateParameters: true);
        JsonWebKeyWriter.WriteSecret(writer, "d", parameters.D);
        CryptographicOperations.ZeroMemory(parameters.D);
    }

    private protected override bool TrySign(ECDsa instance, ReadOnlySpan<byte> signingInput, Span<byte> destination, out int written) =>
        instance.TrySignData(signingInput, destination, Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out written);

    private static EcdsaSigningKey FromImported(ECDsa key, SignatureAlgorithm algorithm, string? keyId)
    {
        try
        {
            return algorithm.Curve!.Is(key.ExportParameters(includePrivateParameters: false))
                ? FromInstance(key, algorithm, keyId)
                : throw new ArgumentException($"The private key is not on {algorithm.Curve!.Name}.", nameof(key));
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"The bytes are not a private key for {algorithm.Name}: {exception.Message}", nameof(key), exception);
        }
    }
}
