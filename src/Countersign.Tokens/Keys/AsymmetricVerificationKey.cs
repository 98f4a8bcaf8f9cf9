using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>A public key. Only keys of this type are ever published.</summary>
internal abstract class AsymmetricVerificationKey : VerificationKey
{
    private protected AsymmetricVerificationKey(SignatureAlgorithm algorithm, string keyId, int signatureBytes)
        : base(algorithm, keyId, signatureBytes)
    {
    }

    /// <summary>The value of <c>kty</c> (RFC 7518 §6.1).</summary>
    public abstract string KeyType { get; }

    /// <summary>Writes the members of a JWK that contain the public key itself (RFC 7518 §6.2.1, §6.3.1).</summary>
    public abstract void WritePublicMembers(Utf8JsonWriter writer);
}
