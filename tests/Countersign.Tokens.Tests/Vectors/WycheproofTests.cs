using System.Text;
using System.Text.Json;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>The JOSE files of Project Wycheproof (C2SP, Apache-2.0). Where a strict codec must contradict a label, the overrides say so and why.</summary>
public sealed class WycheproofTests
{
    /// <summary>
    /// The payloads are no claims sets, so the layers under the validator are driven: segments, base64url, header, key, algorithm, signature.
    /// </summary>
    [Theory]
    [InlineData("json_web_signature_test.json", 401, 36)]
    [InlineData("json_web_key_test.json", 26, 5)]
    public void Codec_SignatureRows_AgreesWithEveryLabel(string file, int total, int expectedAccepted)
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
                var jws = test.GetProperty("jws");
                var text = jws.ValueKind == JsonValueKind.String ? jws.GetString()! : jws.GetRawText();
                // "policy" is for keys that this codec refuses. An empty payload is a JWS and no token.
                var expected = strict is null or "accept" && (Label(test) == "valid" || strict == "accept") && !text.Contains("..", StringComparison.Ordinal);
                var actual = Codec.Verifies(text, keys);
                Assert.True(expected == actual, $"{file}: {Row(test)}");
                accepted += actual ? 1 : 0;
            }
        }

        Assert.Equal(total, rows);
        Assert.Equal(expectedAccepted, accepted);
    }

    /// <summary>Rows 347 and 351 name P-521's algorithm "ES521", which is none; under its own name the same signature is good.</summary>
    [Theory]
    [InlineData(347)]
    [InlineData(351)]
    public void Codec_P521RowWithItsAlgorithmCorrected_IsAccepted(int id)
    {
        var group = VectorFiles.Read("wycheproof/json_web_signature_test.json").GetProperty("testGroups").EnumerateArray()
            .Single(group => group.GetProperty("tests").EnumerateArray().Any(test => test.GetProperty("tcId").GetInt32() == id));
        var corrected = JsonElement.Parse(group.GetRawText().Replace("\"ES521\"", "\"ES512\"", StringComparison.Ordinal));

        Assert.False(Codec.Verifies(group.GetProperty("tests")[0].GetProperty("jws").GetString()!, Keys(group)));
        Assert.True(Codec.Verifies(corrected.GetProperty("tests")[0].GetProperty("jws").GetString()!, Keys(corrected)));
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

    /// <summary>The keys of a group, read as the product reads them; none where one of its rules refuses them.</summary>
    private static KeySet Keys(JsonElement group)
    {
        if (group.TryGetProperty("public", out var json))
        {
            return JsonWebKeySet.TryRead(Set(json), out var keys, out _) ? keys : KeySet.Empty;
        }

        if (!group.TryGetProperty("private", out json) || !JsonWebKeySet.TryReadPrivate(Set(json), out var secrets, out _))
        {
            return KeySet.Empty;
        }

        return new KeySet(signing: null, secrets.Select(secret => secret.VerificationKey));
    }

    private static byte[] Set(JsonElement json) =>
        Encoding.UTF8.GetBytes(json.TryGetProperty("keys", out _) ? json.GetRawText() : $$"""{"keys":[{{json.GetRawText()}}]}""");

    private static string Label(JsonElement test) => test.GetProperty("result").GetString()!;

    private static string Row(JsonElement test) => $"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {Label(test)}";
}
