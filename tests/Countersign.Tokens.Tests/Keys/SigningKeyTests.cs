using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

public sealed class SigningKeyTests
{
    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void Sign_OwnVerificationKey_VerifiesThatInputOnly(string algorithm)
    {
        using var key = TestKeys.Make(algorithm);
        var signature = new byte[key.SignatureBytes];

        Assert.Equal(signature.Length, key.Sign("input"u8, signature));

        Assert.True(key.VerificationKey.Verify("input"u8, signature));
        Assert.False(key.VerificationKey.Verify("Input"u8, signature));
        Assert.False(key.VerificationKey.Verify("input"u8, signature.AsSpan(..^1)));
        Assert.False(key.VerificationKey.Verify("input"u8, [.. signature, 0]));
        Assert.False(key.VerificationKey.Verify("input"u8, []));
        Assert.Equal(key.KeyId, key.VerificationKey.KeyId);
    }

    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void ExportPrivateKey_ReadBack_IsTheSameKey(string algorithm)
    {
        using var key = TestKeys.Make(algorithm);
        var exported = key.ExportPrivateKey();
        using var read = key.Algorithm.IsSymmetric
            ? SigningKey.FromSecret(exported, key.Algorithm, key.KeyId)
            : SigningKey.FromPkcs8(exported, key.Algorithm);
        var signature = new byte[key.SignatureBytes];

        read.Sign("input"u8, signature);

        Assert.True(key.VerificationKey.Verify("input"u8, signature));
        Assert.Equal(key.KeyId, read.KeyId);
    }

    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void Dispose_ThenUsed_ThrowsAndVerifyingGoesOn(string algorithm)
    {
        var key = TestKeys.Make(algorithm);
        var signature = new byte[key.SignatureBytes];
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
    [InlineData("HS256", 0)]
    [InlineData("HS256", 31)]
    [InlineData("HS384", 47)]
    [InlineData("HS512", 63)]
    public void J55_FromSecret_ShorterThanTheHash_Throws(string algorithm, int length)
    {
        Assert.Throws<ArgumentException>(() => SigningKey.FromSecret(new byte[length], SignatureAlgorithm.Find(algorithm)!, "k"));
        Assert.Equal("k", SigningKey.FromSecret(new byte[64], SignatureAlgorithm.Find(algorithm)!, "k").KeyId);
    }

    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void Create_EveryAlgorithm_MakesAKeyOfItsStrength(string name)
    {
        var algorithm = SignatureAlgorithm.Find(name)!;
        using var key = SigningKey.Create(algorithm);
        var signature = new byte[key.SignatureBytes];
        key.Sign("input"u8, signature);

        Assert.True(key.VerificationKey.Verify("input"u8, signature));
        Assert.Same(algorithm, key.VerificationKey.Algorithm);
        Assert.Equal(
            name switch
            {
                "HS256" => 32, "HS384" => 48, "HS512" => 64, "ES256" => 64, "ES384" => 96, "ES512" => 132, "RS256" or "PS256" => 256, _ => 384,
            },
            key.SignatureBytes);
    }

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
        // The right curve, but spelled out: whoever takes parameters from a key takes a generator of the attacker's choice (CVE-2020-0601).
        using var spelled = ECDsa.Create();
        using var named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        spelled.ImportParameters(named.ExportExplicitParameters(includePrivateParameters: true));
        var pkcs8 = good.ExportPrivateKey();

        byte[][] bad =
        [
            [], pkcs8[..^1], [.. pkcs8, 0], k1.ExportPkcs8PrivateKey(), p384.ExportPkcs8PrivateKey(), rsa.ExportPkcs8PrivateKey(),
            spelled.ExportPkcs8PrivateKey(),
        ];
        foreach (var bytes in bad)
        {
            Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8(bytes, SignatureAlgorithm.ES256));
        }

        var spki = good.ExportSubjectPublicKeyInfo();
        bad =
        [
            [], spki[..^1], [.. spki, 0], k1.ExportSubjectPublicKeyInfo(), p384.ExportSubjectPublicKeyInfo(), rsa.ExportSubjectPublicKeyInfo(),
            spelled.ExportSubjectPublicKeyInfo(),
        ];
        foreach (var bytes in bad)
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
        // The moment in which it could go wrong is a tenth of a signature long: a thread signs all the time, and thousands of keys go away under it.
        var key = SigningKey.Create(SignatureAlgorithm.HS256);
        var stop = false;
        var wrong = 0;
        var signer = new Thread(() =>
        {
            var signature = new byte[32];
            while (!Volatile.Read(ref stop))
            {
                var current = Volatile.Read(ref key);
                try
                {
                    while (!Volatile.Read(ref stop))
                    {
                        current.Sign("input"u8, signature);
                        wrong += current.VerificationKey.Verify("input"u8, signature) ? 0 : 1;
                    }
                }
                catch (ObjectDisposedException)
                {
                    // What a late signer is told.
                }
            }
        });
        signer.Start();

        for (var round = 0; round < 20_000; round++)
        {
            var old = key;
            Volatile.Write(ref key, SigningKey.Create(SignatureAlgorithm.HS256));
            old.Dispose();
        }

        Volatile.Write(ref stop, true);
        signer.Join();
        key.Dispose();
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void All_Rows_AreThoseOfTheRfc() => Assert.Equal(
        "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512", string.Join(' ', SignatureAlgorithm.All));

    [Theory]
    [InlineData("HS256", true)]
    [InlineData("PS512", true)]
    [InlineData("ES256K", false)]
    [InlineData("es256", false)]
    [InlineData("none", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Find_Name_IsComparedOrdinally(string? name, bool found) => Assert.Equal(found ? name : null, SignatureAlgorithm.Find(name)?.Name);
}
