using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>
/// A secret that verifies. It keeps a copy of its own, since it outlives the signing key: rings are swapped while requests still verify with the old one.
/// Nobody disposes of it; the copy is zeroed when nothing refers to it any more.
/// </summary>
internal sealed class HmacVerificationKey : VerificationKey
{
    private readonly KeyMemory _secret;

    public HmacVerificationKey(KeyMemory secret, SignatureAlgorithm algorithm, string? keyId)
        : base(algorithm, keyId) => _secret = secret;

    private protected override bool VerifyExact(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[Algorithm.SignatureBytes];
        _secret.ComputeHmac(Algorithm.Hash, signingInput, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
