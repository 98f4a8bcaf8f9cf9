using System.Security.Cryptography;
using System.Text.Json;

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
        using var key = RSA.Create();
        ImportExactly(key, pkcs8, algorithm);
        return FromImported(key, algorithm, keyId);
    }

    public static RsaSigningKey ImportEncrypted(ReadOnlySpan<byte> encrypted, ReadOnlySpan<char> password, SignatureAlgorithm algorithm, string? keyId)
    {
        using var key = RSA.Create();
        ImportExactly(key, encrypted, password, algorithm);
        return FromImported(key, algorithm, keyId);
    }

    /// <exception cref="CryptographicException">The key is too weak or too long, or its private and public part do not fit.</exception>
    public static RsaSigningKey FromInstance(RSA key, SignatureAlgorithm algorithm, string? keyId)
    {
        var verificationKey = RsaVerificationKey.FromParameters(key.ExportParameters(includePrivateParameters: false), algorithm, keyId);
        var exported = key.ExportPkcs8PrivateKey();
        var signingKey = new RsaSigningKey(exported, verificationKey);
        CryptographicOperations.ZeroMemory(exported);
        signingKey.DisposeAndThrowIfNotFit();
        return signingKey;
    }

    internal override void WritePrivateMembers(Utf8JsonWriter writer)
    {
        using var key = Open();
        var parameters = key.ExportParameters(includePrivateParameters: true);
        (string Name, byte[] Number)[] members =
        [
            ("d", parameters.D!), ("p", parameters.P!), ("q", parameters.Q!), ("dp", parameters.DP!), ("dq", parameters.DQ!), ("qi", parameters.InverseQ!),
        ];
        foreach (var (name, number) in members)
        {
            // The number is written with as few bytes as possible (RFC 7518 §2, Base64urlUInt).
            JsonWebKeyWriter.WriteSecret(writer, name, number.AsSpan().TrimStart((byte)0));
            CryptographicOperations.ZeroMemory(number);
        }
    }

    private protected override bool TrySign(RSA instance, ReadOnlySpan<byte> signingInput, Span<byte> destination, out int written) =>
        instance.TrySignData(signingInput, destination, Algorithm.Hash, _padding, out written);

    private static RsaSigningKey FromImported(RSA key, SignatureAlgorithm algorithm, string? keyId)
    {
        try
        {
            return FromInstance(key, algorithm, keyId);
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"The bytes are not a private key for {algorithm.Name}: {exception.Message}", nameof(key), exception);
        }
    }
}
