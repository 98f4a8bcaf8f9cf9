using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>A private key on the algorithm's curve.</summary>
internal sealed class EcdsaSigningKey : SigningKey
{
    private readonly EcdsaPool _instances;
    private readonly KeyMemory _pkcs8;

    private EcdsaSigningKey(KeyMemory pkcs8, EcdsaVerificationKey verificationKey)
        : base(verificationKey)
    {
        _pkcs8 = pkcs8;
        _instances = new EcdsaPool(_pkcs8.OpenEcdsa);
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

    public override byte[] ExportPrivateKey() => _pkcs8.ToArray();

    public override byte[] ExportSubjectPublicKeyInfo() => ((EcdsaVerificationKey)VerificationKey).ExportSubjectPublicKeyInfo();

    private protected override void SignExact(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_pkcs8.IsClosed, this);
        var instance = _instances.Rent();
        // An instance that threw is left to its finalizer: its state is unknown.
        var signed = instance.TrySignData(signingInput, destination, Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out var written);
        _instances.Return(instance);
        if (!signed || written != destination.Length)
        {
            throw new CryptographicException("The provider wrote a signature of another length.");
        }
    }

    private protected override void Zero()
    {
        _instances.Close();
        _pkcs8.Dispose();
    }

    private static EcdsaSigningKey FromInstance(ECDsa key, SignatureAlgorithm algorithm, string? keyId)
    {
        var verificationKey = EcdsaVerificationKey.FromPoint(key.ExportParameters(includePrivateParameters: false).Q, algorithm, keyId);
        var exported = key.ExportPkcs8PrivateKey();
        var signingKey = new EcdsaSigningKey(new KeyMemory(exported), verificationKey);
        CryptographicOperations.ZeroMemory(exported);
        // PKCS#8 carries the public part beside the private one, and not every provider checks that they fit; a signature shows it.
        Span<byte> signature = stackalloc byte[algorithm.SignatureBytes];
        signingKey.SignExact("fit"u8, signature);
        if (!verificationKey.Verify("fit"u8, signature))
        {
            signingKey.Dispose();
            throw new CryptographicException("Private and public part do not fit.");
        }

        return signingKey;
    }
}
