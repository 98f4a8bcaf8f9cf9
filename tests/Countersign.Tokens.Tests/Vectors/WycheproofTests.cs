using System.Text;
using System.Text.Json;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>Project Wycheproof (C2SP, Apache-2.0), as far as it concerns HS256 and ES256.</summary>
public sealed class WycheproofTests
{
    [Fact]
    public void Verify_HmacSha256_AgreesWithEveryLabel()
    {
        var rows = 0;
        foreach (var group in VectorFiles.Read("wycheproof/hmac_sha256_test.json").GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                rows++;
                var secret = Hex(test, "key");
                if (secret.Length < 32)
                {
                    Assert.Throws<ArgumentException>(() => SigningKey.FromSecret(secret, SignatureAlgorithm.HS256, keyId: null));
                    continue;
                }

                using var key = SigningKey.FromSecret(secret, SignatureAlgorithm.HS256, keyId: null);
                // A tag cut to 128 bits is labelled valid for the primitive; HS256 has no such thing.
                var expected = Label(test) == "valid" && group.GetProperty("tagSize").GetInt32() == 256;
                Assert.True(expected == key.VerificationKey.Verify(Hex(test, "msg"), Hex(test, "tag")), Row(test));
            }
        }

        Assert.Equal(174, rows);
    }

    [Fact]
    public void Verify_EcdsaP256_AgreesWithEveryLabel()
    {
        var rows = 0;
        foreach (var group in VectorFiles.Read("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json").GetProperty("testGroups").EnumerateArray())
        {
            var key = VerificationKey.FromSubjectPublicKeyInfo(Hex(group, "publicKeyDer"), SignatureAlgorithm.ES256);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                rows++;
                Assert.True(Label(test) == "valid" == key.Verify(Hex(test, "msg"), Hex(test, "sig")), Row(test));
            }
        }

        Assert.Equal(262, rows);
    }

    [Theory]
    [InlineData("wycheproof/ecdsa_secp256k1_sha256_p1363_test.json")]
    [InlineData("wycheproof/ecdsa_secp384r1_sha384_p1363_test.json")]
    public void FromSubjectPublicKeyInfo_KeyOnAnotherCurve_IsRefused(string file)
    {
        foreach (var group in VectorFiles.Read(file).GetProperty("testGroups").EnumerateArray())
        {
            var spki = Hex(group, "publicKeyDer");
            Assert.Throws<ArgumentException>(() => VerificationKey.FromSubjectPublicKeyInfo(spki, SignatureAlgorithm.ES256));
        }
    }

    /// <summary>The payloads are no claims sets, so the layers under the validator are driven: segments, base64url, header, key, algorithm, signature.</summary>
    [Theory]
    [InlineData("json_web_signature_test.json", 401)]
    [InlineData("json_web_key_test.json", 26)]
    public void Codec_SignatureRows_AgreesWithEveryLabel(string file, int total)
    {
        var overrides = VectorFiles.Read("wycheproof_overrides.json").GetProperty("overrides").EnumerateArray()
            .Where(row => row.GetProperty("file").GetString() == file)
            .ToDictionary(row => row.GetProperty("tcId").GetInt32(), row => row.GetProperty("strict").GetString());
        var rows = 0;
        var accepted = 0;
        foreach (var group in VectorFiles.Read($"wycheproof/{file}").GetProperty("testGroups").EnumerateArray())
        {
            var keys = Keys(group);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                rows++;
                var strict = overrides.GetValueOrDefault(test.GetProperty("tcId").GetInt32());
                // Without keys the algorithm is one of those that are not supported, or the key itself is refused.
                var expected = keys.Verification.Count > 0 && strict != "reject" && (Label(test) == "valid" || strict == "accept");
                var jws = test.GetProperty("jws");
                var actual = Verifies(jws.ValueKind == JsonValueKind.String ? jws.GetString()! : jws.GetRawText(), keys);
                Assert.True(expected == actual, $"{file}: {Row(test)}");
                accepted += actual ? 1 : 0;
            }
        }

        Assert.Equal(total, rows);
        Assert.True(accepted > 0);
    }

    /// <summary>The same rows through the front door: each is refused, the valid ones because their payload is no claims set of ours.</summary>
    [Theory]
    [InlineData("json_web_signature_test.json", "jws")]
    [InlineData("json_web_key_test.json", "jws")]
    [InlineData("json_web_crypto_test.json", "jws")]
    [InlineData("json_web_crypto_test.json", "jwe")]
    [InlineData("json_web_encryption_test.json", "jwe")]
    public void TryValidate_EveryRow_IsRefusedWithoutThrowing(string file, string member)
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        foreach (var group in VectorFiles.Read($"wycheproof/{file}").GetProperty("testGroups").EnumerateArray())
        {
            var keys = Keys(group);
            var policy = forge.Policy.WithKeys(new KeyRing(keys.Verification.Count > 0 ? keys : new KeySet(forge.Key, [])));
            var validator = new TokenValidator(policy, forge.Time);
            foreach (var test in group.GetProperty("tests").EnumerateArray().Where(test => test.TryGetProperty(member, out _)))
            {
                var token = test.GetProperty(member);
                var text = token.ValueKind == JsonValueKind.String ? token.GetString() : token.GetRawText();
                Assert.False(validator.TryValidate(text, out _, out _), Row(test));
                Assert.Null(validator.Decode(text));
            }
        }
    }

    private static bool Verifies(string jws, KeySet keys)
    {
        var token = Encoding.UTF8.GetBytes(jws);
        var memory = new byte[token.Length];
        if (!CompactToken.TrySplit(token, out var segments)
            || !Base64UrlStrict.TryDecode(segments.Payload, memory, out _)
            || !Base64UrlStrict.TryDecode(segments.Header, memory, out var headerJson))
        {
            return false;
        }

        Span<char> keyId = stackalloc char[KeyIdentifier.MaxLength];
        if (JoseHeader.Read(headerJson, keyId, out var header) is not null || !Base64UrlStrict.TryDecode(segments.Signature, memory, out var signature))
        {
            return false;
        }

        var key = header.HasKeyId ? keys.Find(keyId[..header.KeyIdLength]) : keys.Verification.Count == 1 ? keys.Verification[0] : null;
        return key is not null && ReferenceEquals(key.Algorithm, header.Algorithm) && key.Verify(segments.SigningInput, signature);
    }

    /// <summary>The keys of a group that this step supports; none where a rule on keys or sets refuses them.</summary>
    private static KeySet Keys(JsonElement group)
    {
        if (!group.TryGetProperty("public", out var json) && !group.TryGetProperty("private", out json))
        {
            return KeySet.Empty;
        }

        var members = json.TryGetProperty("keys", out var set) ? set.EnumerateArray().ToList() : [json];
        try
        {
            return members.Any(IsSymmetric)
                ? new KeySet(signing: null, [.. members.Select(key => IsSymmetric(key) ? Secret(key) : Public([key]).Verification[0])])
                : Public(members);
        }
        catch (ArgumentException)
        {
            return KeySet.Empty;
        }
    }

    private static KeySet Public(IReadOnlyList<JsonElement> members)
    {
        var json = $$"""{"keys":[{{string.Join(',', members.Select(member => member.GetRawText()))}}]}""";
        return JsonWebKeySet.TryRead(Encoding.UTF8.GetBytes(json), out var keys, out _) ? keys : KeySet.Empty;
    }

    private static bool IsSymmetric(JsonElement key) => key.GetProperty("kty").GetString() == "oct";

    /// <summary>Secrets come to a service as bytes, never as a JWK; its algorithm is the one that the JWK names.</summary>
    private static VerificationKey Secret(JsonElement key)
    {
        var algorithm = SignatureAlgorithm.Find(key.GetProperty("alg").GetString()) ?? throw new ArgumentException("not supported", nameof(key));
        var encoded = Encoding.ASCII.GetBytes(key.GetProperty("k").GetString()!);
        if (!Base64UrlStrict.TryDecode(encoded, new byte[encoded.Length], out var secret))
        {
            throw new ArgumentException("not base64url", nameof(key));
        }

        using var signing = SigningKey.FromSecret(secret, algorithm, key.GetProperty("kid").GetString());
        return signing.VerificationKey;
    }

    private static byte[] Hex(JsonElement json, string name) => Convert.FromHexString(json.GetProperty(name).GetString()!);

    private static string Label(JsonElement test) => test.GetProperty("result").GetString()!;

    private static string Row(JsonElement test) => $"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {Label(test)}";
}
