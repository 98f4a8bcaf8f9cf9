using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>The examples of RFC 7520, RFC 7797 and RFC 8037 (the JOSE cookbook, public domain).</summary>
public sealed class CookbookTests
{
    [Theory]
    [InlineData("4_1.rsa_v15_signature.json", "RS256")]
    [InlineData("4_2.rsa-pss_signature.json", "PS384")]
    [InlineData("4_3.ecdsa_signature.json", "ES512")]
    [InlineData("4_4.hmac-sha2_integrity_protection.json", "HS256")]
    public void Codec_CompactSignature_IsAcceptedUnderItsAlgorithmAlone(string file, string algorithm)
    {
        var example = VectorFiles.Read($"jose-cookbook/jws/{file}");
        var token = example.GetProperty("output").GetProperty("compact").GetString()!;
        var under = SignatureAlgorithm.All.Where(candidate => Key(example, candidate.Name) is not null)
            .ToDictionary(
                candidate => candidate.Name,
                candidate => Codec.Problem(token, new KeySet(signing: null, [Key(example, candidate.Name)!])),
                StringComparer.Ordinal);

        Assert.Null(under[algorithm]);
        Assert.All(under.Where(verdict => verdict.Key != algorithm), verdict => Assert.Equal(TokenError.AlgorithmMismatch, verdict.Value));
        Assert.Equal(TokenError.BadSignature, Codec.Problem($"{token[..^6]}AAAAAA", new KeySet(signing: null, [Key(example, algorithm)!])));
    }

    [Theory]
    [InlineData("jws", "4_5.signature_with_detached_content.json")]
    [InlineData("jws", "4_6.protecting_specific_header_fields.json")]
    [InlineData("jws", "4_7.protecting_content_only.json")]
    [InlineData("rfc7797", "4.2.hmac-sha2_b64_false.json")]
    [InlineData("rfc7797", "hmac-sha2_b64_false.json")]
    public void J02_Codec_OtherSerializationsAndUnencodedPayload_AreRefused(string folder, string file)
    {
        var example = VectorFiles.Read($"jose-cookbook/{folder}/{file}");
        var key = Key(example, "HS256");
        Assert.NotNull(key);

        // JSON is no compact form, a detached payload leaves an empty segment, and a payload that is not encoded stands behind a header with "b64" and "crit".
        Assert.All(Outputs(example), token => Assert.Contains(
            Codec.Problem(token, new KeySet(signing: null, [key])),
            new TokenError?[] { TokenError.MalformedSegments, TokenError.MalformedBase64Url, TokenError.UnsupportedHeader }));
    }

    [Theory]
    [InlineData("jwe")]
    [InlineData("jws")]
    [InlineData("rfc7797")]
    [InlineData("curve25519")]
    public void TryValidate_EveryExample_IsRefused(string folder)
    {
        using var forge = new Forge(SignatureAlgorithm.RS256);
        foreach (var name in VectorFiles.List($"jose-cookbook/{folder}"))
        {
            var example = VectorFiles.Read(name);
            Assert.All(example.TryGetProperty("output", out _) ? Outputs(example) : [], token => Assert.Equal(Reason(token), forge.Problem(token)));
        }
    }

    [Theory]
    [InlineData("3_1.ec_public_key.json", "ES512")]
    [InlineData("3_3.rsa_public_key.json", "RS256")]
    public void TryRead_PublicKey_IsTaken(string file, string algorithm)
    {
        Assert.True(JsonWebKey.TryRead(WithAlgorithm(VectorFiles.Read($"jose-cookbook/jwk/{file}"), algorithm), out var key, out var fault), fault);
        Assert.Equal("bilbo.baggins@hobbiton.example", key.KeyId);
        Assert.False(JsonWebKey.TryReadPrivate(WithAlgorithm(VectorFiles.Read($"jose-cookbook/jwk/{file}"), algorithm), out _, out _));
    }

    [Theory]
    [InlineData("3_2.ec_private_key.json", "ES512")]
    [InlineData("3_4.rsa_private_key.json", "PS512")]
    [InlineData("3_5.symmetric_key_mac_computation.json", "HS256")]
    public void TryReadPrivate_PrivateKey_SignsAndIsNoPublicKey(string file, string algorithm)
    {
        var json = WithAlgorithm(VectorFiles.Read($"jose-cookbook/jwk/{file}"), algorithm);

        Assert.True(JsonWebKey.TryReadPrivate(json, out var key, out var fault), fault);
        var signature = new byte[key.SignatureBytes];
        key.Sign("input"u8, signature);

        Assert.True(key.VerificationKey.Verify("input"u8, signature));
        Assert.False(JsonWebKey.TryRead(json, out _, out _));
        key.Dispose();
    }

    [Fact]
    public void TryReadPrivate_KeyForEncryption_IsRefused() =>
        Assert.False(JsonWebKey.TryReadPrivate(
            Encoding.UTF8.GetBytes(VectorFiles.Read("jose-cookbook/jwk/3_6.symmetric_key_encryption.json").GetRawText()), out _, out _));

    /// <summary>What each must be refused for: its form if it is not three segments of base64url, else a header that is not a token's.</summary>
    private static TokenError Reason(string token)
    {
        var segments = token.Split('.');
        return segments.Length != 3 || segments.Contains("", StringComparer.Ordinal) ? TokenError.MalformedSegments
            : !segments.All(segment => segment.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) ? TokenError.MalformedBase64Url
            : Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(segments[0])))
                .Contains("\"b64\"", StringComparison.Ordinal)
                ? TokenError.UnsupportedHeader
            : TokenError.WrongTyp;
    }

    private static IEnumerable<string> Outputs(JsonElement example) => example.GetProperty("output").EnumerateObject()
        .Select(output => output.Value.ValueKind == JsonValueKind.String ? output.Value.GetString()! : output.Value.GetRawText());

    /// <summary>The example's key under an algorithm, read as a private or public JWK; null where it is no key of that algorithm.</summary>
    private static VerificationKey? Key(JsonElement example, string algorithm)
    {
        var json = WithAlgorithm(example.GetProperty("input").GetProperty("key"), algorithm);
        return JsonWebKey.TryReadPrivate(json, out var key, out _) ? key.VerificationKey : null;
    }

    private static byte[] WithAlgorithm(JsonElement jwk, string algorithm)
    {
        var changed = JsonNode.Parse(jwk.GetRawText())!.AsObject();
        changed["alg"] = algorithm;
        changed["kid"] ??= "k";
        return Encoding.UTF8.GetBytes(changed.ToJsonString());
    }
}
