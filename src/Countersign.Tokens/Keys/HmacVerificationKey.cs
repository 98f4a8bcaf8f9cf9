namespace Countersign.Tokens.Keys;

/// <summary>
/// A secret that verifies. It has its own copy, because it outlives the signing key: when keys are replaced, running requests still verify with the old key.
/// It is not disposed of; the copy is zeroed when nothing refers to it any more.
/// </summary>
internal sealed class HmacVerificationKey : VerificationKey
{
    private readonly HmacPool _hmac;

    public HmacVerificationKey(KeyMemory secret, SignatureAlgorithm algorithm, string? keyId)
        : base(algorithm, keyId, algorithm.MinimumSecretBytes) => _hmac = new HmacPool(secret, algorithm.Hash);

    public override byte[] ExportSubjectPublicKeyInfo() => throw new InvalidOperationException("A symmetric key has no public part.");

    private protected override bool VerifyExact(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[SignatureBytes];
        _hmac.Compute(signingInput, expected);
        return FixedTime.AreEqual(expected, signature);
    }
}
