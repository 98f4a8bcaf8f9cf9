using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>An RSA public key, under one padding and one hash.</summary>
internal sealed class RsaVerificationKey : AsymmetricVerificationKey
{
    private readonly KeyPool<RSA> _instances;
    private readonly RSAParameters _parameters;
    private readonly RSASignaturePadding _padding;

    private RsaVerificationKey(SignatureAlgorithm algorithm, RSAParameters parameters, string keyId)
        : base(algorithm, keyId, parameters.Modulus!.Length)
    {
        _parameters = parameters;
        _padding = PaddingOf(algorithm);
        _instances = new KeyPool<RSA>(() => Open(_parameters));
    }

    public override string KeyType => "RSA";

    /// <summary>RFC 7518 §3.3 and §3.5. The base library's PSS always uses a salt as long as the hash, and MGF1 over the same hash.</summary>
    public static RSASignaturePadding PaddingOf(SignatureAlgorithm algorithm) =>
        algorithm.Family == SignatureFamily.RsaPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    public static RsaVerificationKey Import(ReadOnlySpan<byte> spki, SignatureAlgorithm algorithm, string? keyId)
    {
        try
        {
            using var key = RSA.Create();
            key.ImportSubjectPublicKeyInfo(spki, out var read);
            return read == spki.Length
                ? FromParameters(key.ExportParameters(includePrivateParameters: false), algorithm, keyId)
                : throw new ArgumentException("The bytes are not exactly one RSA public key.", nameof(spki));
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"The bytes are not a public key for {algorithm.Name}: {exception.Message}", nameof(spki), exception);
        }
    }

    /// <param name="parameters">Modulus and exponent, big-endian, without leading zeros.</param>
    /// <param name="algorithm">An RSA algorithm.</param>
    /// <param name="keyId">The key id; null takes the thumbprint.</param>
    /// <exception cref="CryptographicException">The key is too weak, too long, or not a key.</exception>
    public static RsaVerificationKey FromParameters(in RSAParameters parameters, SignatureAlgorithm algorithm, string? keyId)
    {
        if (RsaKeyRules.FindFault(parameters.Modulus, parameters.Exponent) is { } fault)
        {
            throw new CryptographicException(fault);
        }

        KeyIdentifier.ThrowIfNotAllowed(keyId);
        var copy = new RSAParameters { Modulus = parameters.Modulus, Exponent = parameters.Exponent };
        var key = new RsaVerificationKey(algorithm, copy, keyId ?? KeyIdentifier.Thumbprint(copy));
        // Providers may refuse a key for other reasons. Find out now, and not at the first token.
        key._instances.Return(Open(copy));
        return key;
    }

    public override byte[] ExportSubjectPublicKeyInfo()
    {
        using var key = Open(_parameters);
        return key.ExportSubjectPublicKeyInfo();
    }

    public override void WritePublicMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("n", Base64Url.EncodeToString(_parameters.Modulus));
        writer.WriteString("e", Base64Url.EncodeToString(_parameters.Exponent));
    }

    private protected override bool VerifyExact(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        // RFC 8017 §5.2.2: a representative out of range is not a signature, even if the provider would accept it.
        if (signature.SequenceCompareTo(_parameters.Modulus) >= 0)
        {
            return false;
        }

        var instance = _instances.Rent();
        // If the instance threw, leave it to its finalizer: its state is unknown.
        var verified = instance.VerifyData(signingInput, signature, Algorithm.Hash, _padding);
        _instances.Return(instance);
        return verified;
    }

    private static RSA Open(in RSAParameters parameters) => RSA.Create(parameters);
}
