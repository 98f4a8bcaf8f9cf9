using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

/// <summary>PEM (RFC 7468): one block of one label, nothing beside it.</summary>
public sealed class PemTests
{
    public static TheoryData<string> Asymmetric => [.. SignatureAlgorithm.All.Where(algorithm => !algorithm.IsSymmetric).Select(algorithm => algorithm.Name)];

    [Theory]
    [MemberData(nameof(Asymmetric))]
    public void Export_ReadBack_IsTheSameKey(string algorithm)
    {
        using var key = TestKeys.Make(algorithm);
        using var read = SigningKey.FromPem(key.ExportPkcs8PrivateKeyPem(), key.Algorithm);
        var publicKey = VerificationKey.FromPem($"\n {key.VerificationKey.ExportSubjectPublicKeyInfoPem()}\r\n", key.Algorithm);
        var signature = new byte[key.SignatureBytes];
        read.Sign("input"u8, signature);

        Assert.True(publicKey.Verify("input"u8, signature));
        Assert.Equal(key.KeyId, read.KeyId);
        Assert.Equal(key.KeyId, publicKey.KeyId);
        Assert.Equal("k", VerificationKey.FromPem(key.VerificationKey.ExportSubjectPublicKeyInfoPem(), key.Algorithm, "k").KeyId);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES384")]
    public void FromEncryptedPem_Password_OpensItAndNoOtherDoes(string algorithm)
    {
        using var key = TestKeys.Make(algorithm);
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        using AsymmetricAlgorithm instance = key.Algorithm.IsRsa ? RSA.Create() : ECDsa.Create();
        instance.ImportPkcs8PrivateKey(key.ExportPrivateKey(), out _);
        var pem = instance.ExportEncryptedPkcs8PrivateKeyPem("violet umbrella", parameters);

        using var read = SigningKey.FromEncryptedPem(pem, "violet umbrella", key.Algorithm);

        Assert.Equal(key.KeyId, read.KeyId);
        Assert.Throws<ArgumentException>(() => SigningKey.FromEncryptedPem(pem, "violet umbrellas", key.Algorithm));
        Assert.Throws<ArgumentException>(() => SigningKey.FromEncryptedPem(pem, "violet umbrella", SignatureAlgorithm.ES256));
        Assert.Throws<ArgumentException>(() => SigningKey.FromEncryptedPem(pem, "violet umbrella", SignatureAlgorithm.HS256));
        Assert.Throws<ArgumentException>(() => SigningKey.FromEncryptedPem(key.ExportPkcs8PrivateKeyPem(), "violet umbrella", key.Algorithm));
        Assert.Throws<ArgumentException>(() => SigningKey.FromPem(pem, key.Algorithm));
    }

    [Fact]
    public void FromPem_AnythingButTheOneBlock_ThrowsAndSaysWhatToDo()
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(TestKeys.RsaPkcs8(), out _);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string good = rsa.ExportSubjectPublicKeyInfoPem(), goodPrivate = rsa.ExportPkcs8PrivateKeyPem();
        Assert.NotNull(VerificationKey.FromPem(good, SignatureAlgorithm.RS256));
        string[] bad =
        [
            "", "text", good[..^1], $"{good}\n{good}", $"comment\n{good}", $"{good}\ncomment", rsa.ExportRSAPublicKeyPem(), goodPrivate,
            good.Replace("PUBLIC", "CERTIFICATE"),
            good.Replace("MIIB", "MI*B"), PemEncoding.WriteString("PUBLIC KEY", [1, 2, 3]), PemEncoding.WriteString("PUBLIC KEY", []),
            ecdsa.ExportSubjectPublicKeyInfoPem(),
        ];
        Assert.All(bad, pem => Assert.Throws<ArgumentException>(() => VerificationKey.FromPem(pem, SignatureAlgorithm.RS256)));
        string[] badPrivate = ["", $"{goodPrivate}\n{good}", rsa.ExportRSAPrivateKeyPem(), good, ecdsa.ExportPkcs8PrivateKeyPem()];
        Assert.All(badPrivate, pem => Assert.Throws<ArgumentException>(() => SigningKey.FromPem(pem, SignatureAlgorithm.RS256)));
        Assert.Throws<ArgumentException>(() => SigningKey.FromPem(goodPrivate, SignatureAlgorithm.HS256));

        var thrown = Assert.Throws<ArgumentException>(() => SigningKey.FromPem(ecdsa.ExportECPrivateKeyPem(), SignatureAlgorithm.ES256));
        Assert.Contains("openssl pkcs8 -topk8", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExportPem_Secret_Throws()
    {
        using var key = TestKeys.Make("HS256");

        Assert.Throws<InvalidOperationException>(() => key.ExportPkcs8PrivateKeyPem());
        Assert.Throws<InvalidOperationException>(() => key.VerificationKey.ExportSubjectPublicKeyInfoPem());
    }
}
