using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

/// <summary>J-18 as far as sets are concerned.</summary>
public sealed class KeySetTests
{
    [Fact]
    public void Constructor_SigningKeyAlone_AddsItsVerificationKey()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.ES256);
        var set = new KeySet(key, []);

        Assert.Same(key, set.Signing);
        Assert.Same(key.VerificationKey, Assert.Single(set.Verification));
        Assert.Same(key.VerificationKey, set.Find(key.KeyId));
    }

    [Fact]
    public void Constructor_SigningKeyAmongTheOthers_IsThereOnce()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.ES256);
        using var other = SigningKey.Create(SignatureAlgorithm.ES256);

        Assert.Equal([other.VerificationKey, key.VerificationKey], new KeySet(key, [other.VerificationKey, key.VerificationKey]).Verification);
    }

    [Fact]
    public void Constructor_DuplicateId_Throws()
    {
        using var one = SigningKey.FromSecret(new byte[32], SignatureAlgorithm.HS256, "k");
        using var two = SigningKey.FromSecret(new byte[33], SignatureAlgorithm.HS256, "k");

        Assert.Throws<ArgumentException>(() => new KeySet(one, [two.VerificationKey]));
        Assert.Throws<ArgumentException>(() => new KeySet(signing: null, [one.VerificationKey, one.VerificationKey]));
    }

    [Fact]
    public void Constructor_SymmetricAndAsymmetric_Throws()
    {
        using var secret = SigningKey.Create(SignatureAlgorithm.HS256);
        using var ecdsa = SigningKey.Create(SignatureAlgorithm.ES256);

        Assert.Throws<ArgumentException>(() => new KeySet(secret, [ecdsa.VerificationKey]));
        Assert.Throws<ArgumentException>(() => new KeySet(ecdsa, [secret.VerificationKey]));
    }

    [Fact]
    public void Constructor_KeysWithoutId_StandAloneAndAreTwoAtMost()
    {
        var without = Enumerable.Range(32, 3).Select(length => SigningKey.FromSecret(new byte[length], SignatureAlgorithm.HS256, keyId: null).VerificationKey)
            .ToArray();
        using var with = SigningKey.Create(SignatureAlgorithm.HS256);

        Assert.Same(without[1], new KeySet(signing: null, [without[1], without[0]]).Find(null));
        Assert.Throws<ArgumentException>(() => new KeySet(signing: null, without));
        Assert.Throws<ArgumentException>(() => new KeySet(with, [without[0]]));
    }

    [Fact]
    public void Find_Id_IsComparedOrdinallyAndInFull()
    {
        using var key = SigningKey.FromSecret(new byte[32], SignatureAlgorithm.HS256, "Key-1");
        var set = new KeySet(key, []);

        Assert.NotNull(set.Find("Key-1"));
        Assert.All(["key-1", "Key-1 ", "Key-", "", null], keyId => Assert.Null(set.Find(keyId)));
        Assert.Null(KeySet.Empty.Find(null));
        Assert.Null(KeySet.Empty.Find("Key-1"));
    }

    [Fact]
    public void Replace_Ring_ShowsTheNewSet()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.ES256);
        var ring = new KeyRing(KeySet.Empty);
        var set = new KeySet(key, []);

        ring.Replace(set);

        Assert.Same(set, ring.Current);
    }
}
