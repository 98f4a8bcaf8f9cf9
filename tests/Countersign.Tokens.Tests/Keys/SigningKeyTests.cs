using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

public sealed class SigningKeyTests
{
    [Theory]
    [InlineData("HS256")]
    [InlineData("ES256")]
    public void Sign_OwnVerificationKey_VerifiesThatInputOnly(string algorithm)
    {
        using var key = SigningKey.Create(SignatureAlgorithm.Find(algorithm)!);
        var signature = new byte[key.Algorithm.SignatureBytes];

        Assert.Equal(signature.Length, key.Sign("input"u8, signature));

        Assert.True(key.VerificationKey.Verify("input"u8, signature));
        Assert.False(key.VerificationKey.Verify("Input"u8, signature));
        Assert.False(key.VerificationKey.Verify("input"u8, signature.AsSpan(..^1)));
        Assert.False(key.VerificationKey.Verify("input"u8, [.. signature, 0]));
        Assert.False(key.VerificationKey.Verify("input"u8, []));
        Assert.Equal(key.KeyId, key.VerificationKey.KeyId);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("ES256")]
    public void ExportPrivateKey_ReadBack_IsTheSameKey(string algorithm)
    {
        using var key = SigningKey.Create(SignatureAlgorithm.Find(algorithm)!);
        var exported = key.ExportPrivateKey();
        using var read = key.Algorithm.IsSymmetric
            ? SigningKey.FromSecret(exported, key.Algorithm, key.KeyId)
            : SigningKey.FromPkcs8(exported, key.Algorithm);
        var signature = new byte[key.Algorithm.SignatureBytes];

        read.Sign("input"u8, signature);

        Assert.True(key.VerificationKey.Verify("input"u8, signature));
        Assert.Equal(key.KeyId, read.KeyId);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("ES256")]
    public void Dispose_ThenUsed_ThrowsAndVerifyingGoesOn(string algorithm)
    {
        var key = SigningKey.Create(SignatureAlgorithm.Find(algorithm)!);
        var signature = new byte[key.Algorithm.SignatureBytes];
        key.Sign("input"u8, signature);

        key.Dispose();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign("input"u8, signature));
        Assert.Throws<ObjectDisposedException>(() => key.ExportPrivateKey());
        Assert.True(key.VerificationKey.Verify("input"u8, signature));
    }

    [Fact]
    public void Dispose_Hmac_VerificationKeyIsNoKeyOfZeroes()
    {
        var key = SigningKey.Create(SignatureAlgorithm.HS256);
        key.Dispose();

        Assert.False(key.VerificationKey.Verify("input"u8, HMACSHA256.HashData(new byte[32], "input"u8)));
    }

    [Fact]
    public void Create_Ids_AreThumbprintsOfPublicKeysAndRandomForSecrets()
    {
        using var ecdsa = SigningKey.Create(SignatureAlgorithm.ES256);
        using var secret = SigningKey.Create(SignatureAlgorithm.HS256);
        using var sameSecret = SigningKey.FromSecret(secret.ExportPrivateKey(), SignatureAlgorithm.HS256, keyId: null);

        Assert.Equal(43, ecdsa.KeyId!.Length);
        Assert.Equal(ecdsa.KeyId, VerificationKey.FromSubjectPublicKeyInfo(ecdsa.ExportSubjectPublicKeyInfo(), SignatureAlgorithm.ES256).KeyId);
        Assert.Equal(22, secret.KeyId!.Length);
        Assert.Null(sameSecret.KeyId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void J55_FromSecret_ShorterThanTheHash_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => SigningKey.FromSecret(new byte[length], SignatureAlgorithm.HS256, "k"));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("ü")]
    [InlineData("a\n")]
    public void FromSecret_KeyIdNotAllowed_Throws(string keyId)
    {
        Assert.Throws<ArgumentException>(() => SigningKey.FromSecret(new byte[32], SignatureAlgorithm.HS256, keyId));
        Assert.Throws<ArgumentException>(() => SigningKey.FromSecret(new byte[32], SignatureAlgorithm.HS256, new string('k', 129)));
    }

    [Fact]
    public void From_AlgorithmOfTheOtherFamily_Throws()
    {
        using var ecdsa = SigningKey.Create(SignatureAlgorithm.ES256);
        using var secret = SigningKey.Create(SignatureAlgorithm.HS256);

        Assert.Throws<ArgumentException>(() => SigningKey.FromSecret(new byte[64], SignatureAlgorithm.ES256, "k"));
        Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8(ecdsa.ExportPrivateKey(), SignatureAlgorithm.HS256));
        Assert.Throws<ArgumentException>(() => VerificationKey.FromSubjectPublicKeyInfo(ecdsa.ExportSubjectPublicKeyInfo(), SignatureAlgorithm.HS256));
        Assert.Throws<InvalidOperationException>(() => secret.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void FromPkcs8_NotExactlyOneFittingKey_Throws()
    {
        using var good = SigningKey.Create(SignatureAlgorithm.ES256);
        using var k1 = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var pkcs8 = good.ExportPrivateKey();

        foreach (var bytes in new[] { [], pkcs8[..^1], [.. pkcs8, 0], k1.ExportPkcs8PrivateKey(), p384.ExportPkcs8PrivateKey(), rsa.ExportPkcs8PrivateKey() })
        {
            Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8(bytes, SignatureAlgorithm.ES256));
        }

        var spki = good.ExportSubjectPublicKeyInfo();
        foreach (var bytes in new[] { [], spki[..^1], [.. spki, 0], k1.ExportSubjectPublicKeyInfo(), p384.ExportSubjectPublicKeyInfo(), rsa.ExportSubjectPublicKeyInfo() })
        {
            Assert.Throws<ArgumentException>(() => VerificationKey.FromSubjectPublicKeyInfo(bytes, SignatureAlgorithm.ES256));
        }
    }

    [Fact]
    public void FromPkcs8_PublicPartOfAnotherKey_Throws()
    {
        using var one = SigningKey.Create(SignatureAlgorithm.ES256);
        using var other = SigningKey.Create(SignatureAlgorithm.ES256);
        var mixed = one.ExportPrivateKey();
        // Both encodings end in the same 65 bytes: the uncompressed point.
        var point = other.ExportSubjectPublicKeyInfo()[^65..];
        var at = mixed.AsSpan().IndexOf(one.ExportSubjectPublicKeyInfo().AsSpan()[^65..]);
        Assert.True(at > 0);
        point.CopyTo(mixed, at);

        Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8(mixed, SignatureAlgorithm.ES256));
    }

    [Fact]
    public void Sign_DestinationTooShort_Throws()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.ES256);

        Assert.Throws<ArgumentException>(() => key.Sign("input"u8, new byte[63]));
    }

    [Fact]
    public void Dispose_WhileOthersSign_NoSignatureIsOfZeroes()
    {
        // The moment in which it could go wrong is a tenth of a signature long: few rounds would pass whatever the key does.
        for (var round = 0; round < 4000; round++)
        {
            var key = SigningKey.Create(SignatureAlgorithm.HS256);
            Parallel.For(0, 16, i =>
            {
                var signature = new byte[32];
                if (i == 8)
                {
                    key.Dispose();
                    return;
                }

                try
                {
                    key.Sign("input"u8, signature);
                    Assert.True(key.VerificationKey.Verify("input"u8, signature));
                }
                catch (ObjectDisposedException)
                {
                    // What a late signer is told.
                }
            });
        }
    }

    [Theory]
    [InlineData("HS256", true)]
    [InlineData("ES256", true)]
    [InlineData("es256", false)]
    [InlineData("none", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Find_Name_IsComparedOrdinally(string? name, bool found) => Assert.Equal(found ? name : null, SignatureAlgorithm.Find(name)?.Name);
}
