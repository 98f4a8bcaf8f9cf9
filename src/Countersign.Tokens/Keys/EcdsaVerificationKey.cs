using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>A public point on the algorithm's curve.</summary>
internal sealed class EcdsaVerificationKey : AsymmetricVerificationKey
{
    private readonly KeyPool<ECDsa> _instances;
    private readonly ECPoint _point;

    private EcdsaVerificationKey(SignatureAlgorithm algorithm, ECPoint point, string keyId, ECDsa first)
        : base(algorithm, keyId, signatureBytes: 2 * algorithm.Curve!.CoordinateBytes)
    {
        _point = point;
        _instances = new KeyPool<ECDsa>(() => Open(algorithm.Curve!, _point));
        _instances.Return(first);
    }

    public override string KeyType => "EC";

    public static EcdsaVerificationKey Import(ReadOnlySpan<byte> spki, SignatureAlgorithm algorithm, string? keyId)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(spki, out var read);
            var parameters = key.ExportParameters(includePrivateParameters: false);
            return read == spki.Length && algorithm.Curve!.Is(parameters)
                ? FromPoint(parameters.Q, algorithm, keyId)
                : throw new ArgumentException($"The bytes are not exactly one public key on {algorithm.Curve!.Name}.", nameof(spki));
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException($"The bytes are not a public key for {algorithm.Name}.", nameof(spki), exception);
        }
    }

    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public static EcdsaVerificationKey FromPoint(ECPoint point, SignatureAlgorithm algorithm, string? keyId)
    {
        var curve = algorithm.Curve!;
        if (point.X?.Length != curve.CoordinateBytes || point.Y?.Length != curve.CoordinateBytes)
        {
            throw new CryptographicException($"A coordinate on {curve.Name} has {curve.CoordinateBytes} bytes.");
        }

        KeyIdentifier.ThrowIfNotAllowed(keyId);
        // Opening the key checks that the point is on the curve.
        var first = Open(curve, point);
        return new EcdsaVerificationKey(algorithm, point, keyId ?? KeyIdentifier.Thumbprint(curve, point.X, point.Y), first);
    }

    public override byte[] ExportSubjectPublicKeyInfo()
    {
        using var key = Open(Algorithm.Curve!, _point);
        return key.ExportSubjectPublicKeyInfo();
    }

    public override void WritePublicMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("crv", Algorithm.Curve!.Name);
        writer.WriteString("x", Base64Url.EncodeToString(_point.X));
        writer.WriteString("y", Base64Url.EncodeToString(_point.Y));
    }

    private protected override bool VerifyExact(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        // A provider without this check accepts r = s = 0 as a signature of anything (CVE-2022-21449).
        if (!Algorithm.Curve!.AreInRange(signature))
        {
            return false;
        }

        var instance = _instances.Rent();
        // If the instance threw, leave it to its finalizer: its state is unknown.
        var verified = instance.VerifyData(signingInput, signature, Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _instances.Return(instance);
        return verified;
    }

    private static ECDsa Open(NamedCurve curve, ECPoint point) => ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = point });
}
