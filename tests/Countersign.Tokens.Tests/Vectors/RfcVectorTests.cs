using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>RFC 7515 appendix A, RFC 7638 §3.1 and the own vectors of tokens under a shared secret.</summary>
public sealed class RfcVectorTests
{
    [Fact]
    public void Verify_Rfc7515A1_IsValid()
    {
        var row = Row("A.1");
        using var key = SigningKey.FromSecret(Bytes(row.GetProperty("jwk"), "k"), SignatureAlgorithm.HS256, keyId: null);
        var (input, signature) = Split(row);

        Assert.True(key.VerificationKey.Verify(input, signature));
        var signed = new byte[32];
        Assert.Equal(32, key.Sign(input, signed));
        Assert.Equal(signature, signed);
        signature[31] ^= 1;
        Assert.False(key.VerificationKey.Verify(input, signature));
    }

    [Fact]
    public void Verify_Rfc7515A3_IsValid()
    {
        var row = Row("A.3");
        var (input, signature) = Split(row);
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Bytes(row.GetProperty("jwk"), "d"),
            Q = new ECPoint { X = Bytes(row.GetProperty("jwk"), "x"), Y = Bytes(row.GetProperty("jwk"), "y") },
        });
        using var key = SigningKey.FromPkcs8(ecdsa.ExportPkcs8PrivateKey(), SignatureAlgorithm.ES256);
        var signed = new byte[64];
        key.Sign(input, signed);

        Assert.True(key.VerificationKey.Verify(input, signature));
        Assert.True(key.VerificationKey.Verify(input, signed));
        signature[0] ^= 1;
        Assert.False(key.VerificationKey.Verify(input, signature));
    }

    [Theory]
    [InlineData("A.1", "HS256", true)]
    [InlineData("A.2", "RS256", true)]
    [InlineData("A.3", "ES256", true)]
    [InlineData("A.4", "ES512", true)]
    [InlineData("A.2", "PS256", false)]
    [InlineData("A.2", "RS384", false)]
    public void Codec_Rfc7515_OnlyUnderItsAlgorithm(string id, string algorithm, bool expected)
    {
        var row = Row(id);
        var jwk = JsonNode.Parse(row.GetProperty("jwk").GetRawText())!.AsObject();
        (jwk["alg"], jwk["kid"]) = (algorithm, "k");
        Assert.True(JsonWebKey.TryReadPrivate(Encoding.UTF8.GetBytes(jwk.ToJsonString()), out var key, out var fault), fault);
        var keys = new KeySet(key, []);

        Assert.Equal(expected, Codec.Verifies(row.GetProperty("jws").GetString()!, keys));
        var (input, signature) = Split(row);
        var signed = new byte[key.SignatureBytes];
        key.Sign(input, signed);
        Assert.Equal(expected && algorithm is "HS256" or "RS256", signature.AsSpan().SequenceEqual(signed));
    }

    [Theory]
    [InlineData("A.5")]
    [InlineData("E")]
    [InlineData("RFC8037-A.4")]
    public void TryValidate_UnsecuredCriticalAndUnknownAlgorithm_AreRefused(string id)
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);

        Assert.NotNull(forge.Problem(Row(id).GetProperty("jws").GetString()!));
    }

    [Fact]
    public void Thumbprint_Rfc7638_IsThatOfTheVector()
    {
        var rows = VectorFiles.Read("rfc_jose_vectors.json").GetProperty("thumbprints").EnumerateArray()
            .Where(row => Algorithm(row.GetProperty("jwk")) is not null).ToList();

        Assert.Contains(rows, row => row.GetProperty("jwk").GetProperty("kty").GetString() == "RSA");
        Assert.All(rows, row => Assert.Equal(row.GetProperty("thumbprint").GetString(), Thumbprint(row.GetProperty("jwk"))));
    }

    /// <summary>Computed over the canonical text by hand: lexicographic members, no white space (RFC 7638 §3.1).</summary>
    [Fact]
    public void Thumbprint_KeyOfRfc7515A3_IsSha256OfItsCanonicalText()
    {
        var jwk = Row("A.3").GetProperty("jwk");
        var canonical = """{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";

        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical))), Thumbprint(jwk));
    }

    [Fact]
    public void Decode_TokensOfAnotherImplementation_GiveTheirPayload()
    {
        var file = VectorFiles.ReadOwn("shared-secret-tokens.json");
        using var forge = Forge.OfSharedSecret();
        var policy = TokenPolicy.SharedSecret(file.GetProperty("secret").GetString()!);
        var rows = 0;
        foreach (var row in file.GetProperty("tokens").EnumerateArray())
        {
            rows++;
            forge.Time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(row.GetProperty("now").GetInt64()));
            var payload = new TokenValidator(policy, forge.Time).Decode(row.GetProperty("token").GetString());
            Assert.Equal(row.GetProperty("sub").GetString(), payload?.Sub);
            Assert.Equal(row.GetProperty("type").GetString(), payload?.Type);
            Assert.Equal(row.GetProperty("exp").GetInt64(), payload?.Exp.ToUnixTimeSeconds());
        }

        Assert.Equal(4, rows);
    }

    private static string? Thumbprint(JsonElement jwk)
    {
        var bare = JsonNode.Parse(jwk.GetRawText())!.AsObject();
        bare["alg"] = Algorithm(jwk);
        bare.Remove("kid");
        bare.Remove("d");
        Assert.True(JsonWebKey.TryRead(Encoding.UTF8.GetBytes(bare.ToJsonString()), out var key, out var fault), fault);
        return key.KeyId;
    }

    /// <summary>An algorithm that the key could be for; the thumbprint does not depend on it.</summary>
    private static string? Algorithm(JsonElement jwk) => jwk.GetProperty("kty").GetString() == "RSA" ? "RS256"
        : jwk.TryGetProperty("crv", out var curve) ? curve.GetString() switch { "P-256" => "ES256", "P-384" => "ES384", "P-521" => "ES512", _ => null }
        : null;

    private static JsonElement Row(string id) =>
        VectorFiles.Read("rfc_jose_vectors.json").GetProperty("jws").EnumerateArray().Single(row => row.GetProperty("id").GetString() == id);

    private static (byte[] Input, byte[] Signature) Split(JsonElement row)
    {
        var jws = row.GetProperty("jws").GetString()!;
        var dot = jws.LastIndexOf('.');
        return (Encoding.ASCII.GetBytes(jws[..dot]), Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(jws[(dot + 1)..])));
    }

    private static byte[] Bytes(JsonElement jwk, string name) => Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(jwk.GetProperty(name).GetString()!));
}
