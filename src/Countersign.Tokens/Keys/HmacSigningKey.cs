using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>A secret that signs.</summary>
internal sealed class HmacSigningKey : SigningKey
{
    private readonly KeyMemory _secret;
    private readonly HmacPool _hmac;

    public HmacSigningKey(ReadOnlySpan<byte> secret, SignatureAlgorithm algorithm, string? keyId)
        : base(new HmacVerificationKey(new KeyMemory(secret), algorithm, keyId))
    {
        _secret = new KeyMemory(secret);
        _hmac = new HmacPool(_secret, algorithm.Hash);
    }

    public override byte[] ExportPrivateKey() => _secret.ToArray();

    public override byte[] ExportSubjectPublicKeyInfo() => VerificationKey.ExportSubjectPublicKeyInfo();

    internal override void WritePrivateMembers(Utf8JsonWriter writer)
    {
        var secret = _secret.ToArray();
        JsonWebKeyWriter.WriteSecret(writer, "k", secret);
        CryptographicOperations.ZeroMemory(secret);
    }

    private protected override void SignExact(ReadOnlySpan<byte> signingInput, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_secret.IsClosed, this);
        _hmac.Compute(signingInput, destination);
    }

    private protected override void Zero()
    {
        _hmac.Close();
        _secret.Dispose();
    }
}
