using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>The files of Project Wycheproof (C2SP, Apache-2.0) that drive one primitive, each through the keys of this package.</summary>
public sealed class WycheproofPrimitiveTests
{
    [Theory]
    [InlineData("HS256", "hmac_sha256_test.json")]
    [InlineData("HS384", "hmac_sha384_test.json")]
    [InlineData("HS512", "hmac_sha512_test.json")]
    public void Verify_Hmac_AgreesWithEveryLabel(string name, string file)
    {
        var algorithm = SignatureAlgorithm.Find(name)!;
        var (rows, verified) = (0, 0);
        foreach (var (group, test) in Tests(file))
        {
            rows++;
            var secret = Hex(test, "key");
            if (secret.Length < algorithm.MinimumSecretBytes)
            {
                Assert.Throws<ArgumentException>(() => SigningKey.FromSecret(secret, algorithm, keyId: null));
                continue;
            }

            using var key = SigningKey.FromSecret(secret, algorithm, keyId: null);
            // A tag cut short is labelled valid for the primitive; in JOSE there is no such thing.
            var expected = Label(test) == "valid" && group.GetProperty("tagSize").GetInt32() == algorithm.MinimumSecretBytes * 8;
            Assert.True(expected == key.VerificationKey.Verify(Hex(test, "msg"), Hex(test, "tag")), Row(test));
            verified += expected ? 1 : 0;
        }

        Assert.Equal(174, rows);
        Assert.InRange(verified, 20, 66);
    }

    [Theory]
    [InlineData("ES256", "ecdsa_secp256r1_sha256_p1363_test.json", 262)]
    [InlineData("ES384", "ecdsa_secp384r1_sha384_p1363_test.json", 280)]
    [InlineData("ES512", "ecdsa_secp521r1_sha512_p1363_test.json", 318)]
    [InlineData("RS256", "rsa_signature_2048_sha256_test.json", 259)]
    [InlineData("RS384", "rsa_signature_2048_sha384_test.json", 258)]
    [InlineData("RS512", "rsa_signature_2048_sha512_test.json", 259)]
    [InlineData("RS256", "rsa_signature_3072_sha256_test.json", 259)]
    [InlineData("RS384", "rsa_signature_3072_sha384_test.json", 259)]
    [InlineData("RS512", "rsa_signature_3072_sha512_test.json", 260)]
    [InlineData("RS256", "rsa_signature_4096_sha256_test.json", 258)]
    [InlineData("RS384", "rsa_signature_4096_sha384_test.json", 259)]
    [InlineData("RS512", "rsa_signature_4096_sha512_test.json", 259)]
    [InlineData("PS256", "rsa_pss_2048_sha256_mgf1_32_test.json", 108)]
    [InlineData("PS384", "rsa_pss_2048_sha384_mgf1_48_test.json", 141)]
    [InlineData("PS256", "rsa_pss_3072_sha256_mgf1_32_test.json", 108)]
    [InlineData("PS256", "rsa_pss_4096_sha256_mgf1_32_test.json", 108)]
    [InlineData("PS384", "rsa_pss_4096_sha384_mgf1_48_test.json", 141)]
    [InlineData("PS512", "rsa_pss_4096_sha512_mgf1_64_test.json", 179)]
    public void Verify_Asymmetric_AgreesWithEveryLabel(string name, string file, int total)
    {
        var algorithm = SignatureAlgorithm.Find(name)!;
        var (rows, verified) = (0, 0);
        foreach (var (group, test) in Tests(file))
        {
            rows++;
            if (HasSmallExponent(group))
            {
                // The edge cases of values close to the modulus need an exponent of 3, which is refused with its key.
                Assert.Throws<ArgumentException>(() => VerificationKey.FromSubjectPublicKeyInfo(Hex(group, "publicKeyDer"), algorithm));
                continue;
            }

            var key = VerificationKey.FromSubjectPublicKeyInfo(Hex(group, "publicKeyDer"), algorithm);
            // "Acceptable" is an encoding without its NULL: legacy, and refused.
            Assert.True(Label(test) == "valid" == key.Verify(Hex(test, "msg"), Hex(test, "sig")), Row(test));
            verified += Label(test) == "valid" ? 1 : 0;
        }

        Assert.Equal(total, rows);
        Assert.True(verified > 0);
    }

    /// <summary>
    /// Genuine RSASSA-PSS signatures with another salt or mask than RFC 7518 §3.5 has. The one row that is accepted has the salt of JOSE by accident.
    /// </summary>
    [Theory]
    [InlineData("PS256", "rsa_pss_2048_sha256_mgf1_0_test.json", 103, "s_len changed to 32")]
    [InlineData("PS256", "rsa_pss_2048_sha256_mgf1sha1_20_test.json", 108, null)]
    [InlineData("PS512", "rsa_pss_4096_sha512_mgf1_32_test.json", 177, null)]
    public void J20_Verify_PssOfOtherParameters_IsFalse(string name, string file, int total, string? accepted)
    {
        var rows = 0;
        foreach (var (group, test) in Tests(file))
        {
            rows++;
            var key = VerificationKey.FromSubjectPublicKeyInfo(Hex(group, "publicKeyDer"), SignatureAlgorithm.Find(name)!);
            Assert.True(test.GetProperty("comment").GetString() == accepted == key.Verify(Hex(test, "msg"), Hex(test, "sig")), Row(test));
        }

        Assert.Equal(total, rows);
    }

    [Fact]
    public void J20_Verify_PssOfMixedParameters_OnlyThoseOfTheRfc()
    {
        var accepted = new List<string>();
        foreach (var (group, test) in Tests("rsa_pss_misc_test.json"))
        {
            foreach (var (name, sha, salt) in new[] { ("PS256", "SHA-256", 32), ("PS384", "SHA-384", 48), ("PS512", "SHA-512", 64) })
            {
                var key = VerificationKey.FromSubjectPublicKeyInfo(Hex(group, "publicKeyDer"), SignatureAlgorithm.Find(name)!);
                var expected = group.GetProperty("sha").GetString() == sha
                    && group.GetProperty("mgfSha").GetString() == sha
                    && group.GetProperty("sLen").GetInt32() == salt;
                Assert.True(expected == key.Verify(Hex(test, "msg"), Hex(test, "sig")), Row(test));
                accepted.AddRange(expected ? [name] : []);
            }
        }

        Assert.Equal(["PS256", "PS384", "PS512"], accepted);
    }

    [Theory]
    [InlineData("ecdsa_secp256k1_sha256_p1363_test.json", "")]
    [InlineData("ecdsa_secp256r1_sha256_p1363_test.json", "ES256")]
    [InlineData("ecdsa_secp384r1_sha384_p1363_test.json", "ES384")]
    [InlineData("ecdsa_secp521r1_sha512_p1363_test.json", "ES512")]
    [InlineData("ed25519_test.json", "")]
    [InlineData("rsa_signature_2048_sha256_test.json", "RS256 RS384 RS512 PS256 PS384 PS512")]
    public void J18_FromSubjectPublicKeyInfo_KeyOfAnotherKind_IsRefused(string file, string algorithms)
    {
        foreach (var group in Groups(file).Where(group => !HasSmallExponent(group)))
        {
            var spki = Hex(group, "publicKeyDer");
            Assert.Equal(algorithms, string.Join(' ', SignatureAlgorithm.All.Where(algorithm => Takes(spki, algorithm))));
        }
    }

    [Theory]
    [InlineData("rsa_signature_2048_sha256_test.json", "keyJwk", "RS256")]
    [InlineData("rsa_pss_4096_sha512_mgf1_64_test.json", "publicKeyJwk", "PS512")]
    [InlineData("ecdsa_secp384r1_sha384_p1363_test.json", "publicKeyJwk", "ES384")]
    [InlineData("ecdsa_secp521r1_sha512_p1363_test.json", "publicKeyJwk", "ES512")]
    public void TryRead_KeyOfAFile_IsTheOneOfItsDerAndPem(string file, string member, string algorithm)
    {
        var groups = Groups(file).Where(group => group.TryGetProperty(member, out _) && !HasSmallExponent(group)).ToList();
        Assert.NotEmpty(groups);
        foreach (var group in groups)
        {
            // Some of the files name no algorithm, without which a key is refused.
            var jwk = JsonNode.Parse(group.GetProperty(member).GetRawText())!.AsObject();
            jwk["alg"] ??= algorithm;
            Assert.True(JsonWebKey.TryRead(Encoding.UTF8.GetBytes(jwk.ToJsonString()), out var key, out var fault), fault);
            var expected = Hex(group, "publicKeyDer");
            Assert.Equal(expected, key.ExportSubjectPublicKeyInfo());
            Assert.Equal(expected, VerificationKey.FromPem(group.GetProperty("publicKeyPem").GetString(), key.Algorithm).ExportSubjectPublicKeyInfo());
        }
    }

    private static bool Takes(byte[] spki, SignatureAlgorithm algorithm)
    {
        try
        {
            return VerificationKey.FromSubjectPublicKeyInfo(spki, algorithm).Algorithm == algorithm;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool HasSmallExponent(JsonElement group) =>
        group.TryGetProperty("publicKey", out var key) && key.ValueKind == JsonValueKind.Object
        && key.TryGetProperty("publicExponent", out var exponent) && exponent.GetString() == "03";

    private static IEnumerable<JsonElement> Groups(string file) => VectorFiles.Read($"wycheproof/{file}").GetProperty("testGroups").EnumerateArray();

    private static IEnumerable<(JsonElement Group, JsonElement Test)> Tests(string file) =>
        Groups(file).SelectMany(group => group.GetProperty("tests").EnumerateArray(), (group, test) => (group, test));

    private static byte[] Hex(JsonElement json, string name) => Convert.FromHexString(json.GetProperty(name).GetString()!);

    private static string Label(JsonElement test) => test.GetProperty("result").GetString()!;

    private static string Row(JsonElement test) => $"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {Label(test)}";
}
