using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Tests.Vectors;

namespace Countersign.Tokens.Tests.Keys;

/// <summary>Single JWKs of every algorithm, public and private, and private sets.</summary>
public sealed class JsonWebKeyTests
{
    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void WritePrivate_ReadBack_IsTheSameKey(string algorithm)
    {
        using var key = TestKeys.Make(algorithm);

        Assert.True(JsonWebKey.TryReadPrivate(JsonWebKey.WritePrivate(key), out var read, out var fault), fault);

        Assert.Same(key.Algorithm, read.Algorithm);
        Assert.Equal(key.KeyId, read.KeyId);
        AssertSigns(read, key.VerificationKey);
        read.Dispose();
    }

    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void J50_Write_PublicKey_IsReadBackAndHasNothingPrivate(string algorithm)
    {
        using var key = TestKeys.Make(algorithm);
        if (key.Algorithm.IsSymmetric)
        {
            Assert.Throws<ArgumentException>(() => JsonWebKey.Write(key.VerificationKey));
            return;
        }

        var json = JsonWebKey.Write(key.VerificationKey);

        Assert.True(JsonWebKey.TryRead(json, out var read, out var fault), fault);
        AssertSigns(key, read);
        var names = JsonElement.Parse(json).EnumerateObject().Select(member => member.Name);
        Assert.Equal(key.Algorithm.IsRsa ? "kty use alg kid n e" : "kty use alg kid crv x y", string.Join(' ', names));
    }

    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void TryRead_PrivateKeyOrSecret_IsRefused(string algorithm)
    {
        using var key = TestKeys.Make(algorithm);
        var json = JsonWebKey.WritePrivate(key);

        Assert.False(JsonWebKey.TryRead(json, out var read, out var fault));
        Assert.Null(read);
        Assert.NotNull(fault);
        Assert.False(JsonWebKeySet.TryRead(JsonWebKeySet.WritePrivate([key]), out _, out _));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES512")]
    public void TryRead_WithoutKeyId_TakesTheThumbprint(string algorithm)
    {
        using var key = TestKeys.Make(algorithm);

        Assert.True(JsonWebKey.TryRead(Changed(JsonWebKey.Write(key.VerificationKey), "kid", null), out var read, out var fault), fault);

        Assert.Equal(key.KeyId, read.KeyId);
    }

    public static TheoryData<string, string, string, string?> RefusedPrivate => new()
    {
        { "secret without kid", "HS256", "kid", null },
        { "secret empty", "HS256", "k", "\"\"" },
        { "secret missing", "HS256", "k", null },
        { "secret of 31 bytes", "HS256", "k", $"\"{Base64Url.EncodeToString(new byte[31])}\"" },
        { "secret of 47 bytes", "HS384", "k", $"\"{Base64Url.EncodeToString(new byte[47])}\"" },
        { "secret of 63 bytes", "HS512", "k", $"\"{Base64Url.EncodeToString(new byte[63])}\"" },
        { "secret with padding", "HS256", "k", $"\"{Base64Url.EncodeToString(new byte[32])}=\"" },
        { "alg missing", "HS256", "alg", null },
        { "alg of another kind", "ES256", "alg", "\"HS256\"" },
        { "alg unknown", "HS256", "alg", "\"A256GCM\"" },
        { "kty of another kind", "RS256", "kty", "\"EC\"" },
        { "use enc", "RS256", "use", "\"enc\"" },
        { "key_ops for verifying only", "ES256", "key_ops", "[\"verify\"]" },
        { "d missing", "ES256", "d", null },
        { "d short", "ES256", "d", "\"AQAB\"" },
        { "d zero", "ES256", "d", $"\"{Base64Url.EncodeToString(new byte[32])}\"" },
        { "d of another key", "ES256", "d", "\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"" },
        { "RSA without primes", "RS256", "p", null },
        { "RSA d missing", "RS256", "d", null },
        { "RSA d of another key", "RS256", "d", $"\"{Base64Url.EncodeToString(Enumerable.Repeat((byte)1, 256).ToArray())}\"" },
        { "RSA p too long", "RS256", "p", $"\"{Base64Url.EncodeToString(Enumerable.Repeat((byte)1, 129).ToArray())}\"" },
        { "RSA with a third prime", "RS256", "oth", "[]" },
        { "RSA n of another key", "PS256", "n", $"\"{Base64Url.EncodeToString(OtherModulus())}\"" },
    };

    [Theory]
    [MemberData(nameof(RefusedPrivate))]
    public void J18_TryReadPrivate_BadKey_IsRefusedAndSoIsItsSet(string name, string algorithm, string member, string? json)
    {
        using var key = TestKeys.Make(algorithm);
        var bad = Changed(JsonWebKey.WritePrivate(key), member, json);

        Assert.False(JsonWebKey.TryReadPrivate(bad, out var read, out var fault), name);
        Assert.Null(read);
        Assert.NotEmpty(fault);
        using var other = SigningKey.Create(key.Algorithm.IsSymmetric ? SignatureAlgorithm.HS512 : SignatureAlgorithm.ES384);
        byte[] set = [.. "{\"keys\":["u8, .. JsonWebKey.WritePrivate(other), (byte)',', .. bad, .. "]}"u8];
        Assert.False(JsonWebKeySet.TryReadPrivate(set, out var keys, out _), name);
        Assert.Null(keys);
    }

    [Fact]
    public void TryReadPrivate_Set_KeepsOrderAndKeys()
    {
        using var rsa = TestKeys.Make("PS512");
        using var ecdsa = TestKeys.Make("ES512");

        Assert.True(JsonWebKeySet.TryReadPrivate(JsonWebKeySet.WritePrivate([rsa, ecdsa]), out var keys, out var fault), fault);

        Assert.Equal([rsa.KeyId, ecdsa.KeyId], keys.Select(key => key.KeyId));
        AssertSigns(keys[0], rsa.VerificationKey);
        AssertSigns(keys[1], ecdsa.VerificationKey);
    }

    [Fact]
    public void J18_TryReadPrivate_TwinsOrMixedSet_IsRefused()
    {
        using var secret = TestKeys.Make("HS256");
        using var ecdsa = TestKeys.Make("ES256");

        Assert.False(JsonWebKeySet.TryReadPrivate(JsonWebKeySet.WritePrivate([secret, ecdsa]), out _, out var fault));
        Assert.Contains("mixes", fault, StringComparison.Ordinal);
        Assert.False(JsonWebKeySet.TryReadPrivate(JsonWebKeySet.WritePrivate([ecdsa, ecdsa]), out _, out fault));
        Assert.Contains("another key has its id", fault, StringComparison.Ordinal);
        Assert.False(JsonWebKeySet.TryReadPrivate("{}"u8, out _, out _));
        Assert.False(JsonWebKeySet.TryReadPrivate("{\"keys\":[]} "u8[..5], out _, out _));
    }

    /// <summary>A number that begins with a zero is written without it (RFC 7518 §2), and the base library wants it back.</summary>
    [Fact]
    public void WritePrivate_RsaNumberWithLeadingZero_IsCutAndFilledUpAgain()
    {
        using var key = SigningKey.FromPem(VectorFiles.ReadOwnText("rsa-2048-short-dp.pem"), SignatureAlgorithm.RS256);
        var json = JsonWebKey.WritePrivate(key);

        Assert.Equal(127, Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(JsonElement.Parse(json).GetProperty("dp").GetString()!)).Length);
        Assert.True(JsonWebKey.TryReadPrivate(json, out var read, out var fault), fault);
        AssertSigns(read, key.VerificationKey);
        read.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"kty\":\"EC\",\"kty\":\"EC\"}")]
    public void TryRead_NoKey_IsRefused(string json)
    {
        Assert.False(JsonWebKey.TryRead(Encoding.UTF8.GetBytes(json), out var key, out var fault));
        Assert.Null(key);
        Assert.NotEmpty(fault);
        Assert.False(JsonWebKey.TryReadPrivate(Encoding.UTF8.GetBytes(json), out var signing, out fault));
        Assert.Null(signing);
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void WritePrivate_Disposed_Throws()
    {
        var key = TestKeys.Make("ES256");
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => JsonWebKey.WritePrivate(key));
    }

    private static void AssertSigns(SigningKey key, VerificationKey verificationKey)
    {
        var signature = new byte[key.SignatureBytes];
        key.Sign("input"u8, signature);
        Assert.True(verificationKey.Verify("input"u8, signature));
    }

    private static byte[] Changed(byte[] jwk, string member, string? json)
    {
        var changed = JsonNode.Parse(jwk)!.AsObject();
        changed.Remove(member);
        if (json is not null)
        {
            changed[member] = JsonNode.Parse(json);
        }

        return Encoding.UTF8.GetBytes(changed.ToJsonString());
    }

    private static byte[] OtherModulus()
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(TestKeys.RsaPkcs8(1), out _);
        return rsa.ExportParameters(includePrivateParameters: false).Modulus!;
    }
}
