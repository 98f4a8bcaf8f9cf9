using System.Numerics;
using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

/// <summary>J-18 for RSA keys: which are taken, and that a key works under one padding and one hash only.</summary>
public sealed class RsaKeyTests
{
    private static readonly RSAParameters Good = Parameters();

    public static TheoryData<string, byte[], byte[]> Refused => new()
    {
        { "2047 bits", [0x7F, .. Good.Modulus![1..]], [1, 0, 1] },
        { "1024 bits", Good.Modulus![..127].Append((byte)1).ToArray(), [1, 0, 1] },
        { "more than 16384 bits", [1, .. Enumerable.Repeat((byte)1, 2048)], [1, 0, 1] },
        { "leading zero", [0, .. Good.Modulus!], [1, 0, 1] },
        { "even modulus", [.. Good.Modulus![..^1], 2], [1, 0, 1] },
        { "no modulus", [], [1, 0, 1] },
        { "no exponent", Good.Modulus!, [] },
        { "exponent 1", Good.Modulus!, [1] },
        { "exponent 3", Good.Modulus!, [3] },
        { "exponent 65535", Good.Modulus!, [0xFF, 0xFF] },
        { "even exponent", Good.Modulus!, [1, 0, 2] },
        { "exponent with leading zero", Good.Modulus!, [0, 1, 0, 1] },
        { "exponent of 72 bits", Good.Modulus!, [1, 0, 0, 0, 0, 0, 0, 0, 1] },
        { "power of 65537 modulo every small prime", OfWeakGenerator(), [1, 0, 1] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void J18_PublicKey_WeakOrMalformed_IsRefused(string name, byte[] modulus, byte[] exponent)
    {
        Assert.NotNull(RsaKeyRules.FindFault(modulus, exponent));
        Assert.True(
            Record.Exception(
                () => RsaVerificationKey.FromParameters(new RSAParameters { Modulus = modulus, Exponent = exponent }, SignatureAlgorithm.RS256, "k"))
                is CryptographicException,
            name);
    }

    [Fact]
    public void FindFault_GoodKeys_IsNull()
    {
        Assert.Null(RsaKeyRules.FindFault(Good.Modulus, Good.Exponent));
        Assert.Null(RsaKeyRules.FindFault(Good.Modulus, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]));
        Assert.Null(RsaKeyRules.FindFault([0x80, .. Enumerable.Repeat((byte)1, 2047)], [1, 0, 1]));
    }

    [Fact]
    public void J18_FromPkcs8_KeyOf1024Bits_IsRefusedWithTheReason()
    {
        using var rsa = RSA.Create(1024);

        var thrown = Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8(rsa.ExportPkcs8PrivateKey(), SignatureAlgorithm.PS256));
        Assert.Contains("1024", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => VerificationKey.FromSubjectPublicKeyInfo(rsa.ExportSubjectPublicKeyInfo(), SignatureAlgorithm.RS256));
    }

    [Fact]
    public void From_KeyOfAnotherKindOrBytesTooMany_Throws()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pkcs8 = TestKeys.RsaPkcs8();
        foreach (var bytes in new[] { [], pkcs8[..^1], [.. pkcs8, 0], ecdsa.ExportPkcs8PrivateKey() })
        {
            Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8(bytes, SignatureAlgorithm.RS256));
        }

        using var key = TestKeys.Make("RS256");
        var spki = key.ExportSubjectPublicKeyInfo();
        foreach (var bytes in new[] { [], spki[..^1], [.. spki, 0], ecdsa.ExportSubjectPublicKeyInfo() })
        {
            Assert.Throws<ArgumentException>(() => VerificationKey.FromSubjectPublicKeyInfo(bytes, SignatureAlgorithm.PS512));
        }
    }

    [Fact]
    public void FromPkcs8_PublicPartOfAnotherKey_Throws()
    {
        using var other = RSA.Create();
        other.ImportPkcs8PrivateKey(TestKeys.RsaPkcs8(1), out _);
        var mixed = TestKeys.RsaPkcs8().ToArray();
        var at = mixed.AsSpan().IndexOf(Good.Modulus);
        Assert.True(at > 0);
        other.ExportParameters(includePrivateParameters: false).Modulus!.CopyTo(mixed, at);

        Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8(mixed, SignatureAlgorithm.RS256));
    }

    [Fact]
    public void J12_Verify_SignatureOfTheSameKeyUnderAnotherAlgorithm_IsFalse()
    {
        string[] names = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
        foreach (var signer in names)
        {
            using var key = TestKeys.Make(signer);
            var signature = new byte[key.SignatureBytes];
            key.Sign("input"u8, signature);
            foreach (var verifier in names)
            {
                using var other = TestKeys.Make(verifier);
                Assert.Equal(key.KeyId, other.KeyId);
                Assert.Equal(signer == verifier, other.VerificationKey.Verify("input"u8, signature));
            }
        }
    }

    [Fact]
    public void Sign_Pss_SaltIsAsLongAsTheHash()
    {
        using var key = TestKeys.Make("PS384");
        var signature = new byte[key.SignatureBytes];
        key.Sign("input"u8, signature);
        // RFC 8017 section 9.1.2, by hand: unmask the data block, and the salt is what follows the one.
        var encoded = BigInteger.ModPow(
            new BigInteger(signature, isUnsigned: true, isBigEndian: true), 65537, new BigInteger(Good.Modulus, isUnsigned: true, isBigEndian: true));
        var message = new byte[256];
        var bytes = encoded.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(message, 256 - bytes.Length);
        var block = message[..(256 - 48 - 1)];
        var hash = message[block.Length..^1];
        for (var (at, counter) = (0, 0); at < block.Length; counter++)
        {
            foreach (var mask in SHA384.HashData([.. hash, 0, 0, 0, (byte)counter]).Take(block.Length - at))
            {
                block[at++] ^= mask;
            }
        }

        Assert.Equal(0xBC, message[^1]);
        Assert.Equal(1, block[^49]);
        Assert.All(block[1..^49], padding => Assert.Equal(0, padding));
    }

    private static RSAParameters Parameters()
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(TestKeys.RsaPkcs8(), out _);
        return rsa.ExportParameters(includePrivateParameters: false);
    }

    /// <summary>A modulus of the weak form, though of no key: 65537^a modulo the product of the small primes, plus a multiple of that product.</summary>
    private static byte[] OfWeakGenerator()
    {
        var product = BigInteger.One;
        for (var number = 3; number <= 167; number += 2)
        {
            product *= Enumerable.Range(2, number - 2).All(divisor => number % divisor != 0) ? number : 1;
        }

        var factor = BigInteger.Pow(2, 2047) / product * 3 / 2;
        var modulus = (factor + (factor.IsEven ? 0 : 1)) * product + BigInteger.ModPow(65537, 12345, product);
        modulus += modulus.IsEven ? product : 0;
        return modulus.ToByteArray(isUnsigned: true, isBigEndian: true);
    }
}
