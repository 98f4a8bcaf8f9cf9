using System.Text;
using System.Text.Json;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

/// <summary>J-18 and J-50: what is read from a JWK Set, and what is never written to one.</summary>
public sealed class JsonWebKeySetTests
{
    // The public key of RFC 7515 appendix A.3.
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    public static TheoryData<string, string, string?> Refused => new()
    {
        { "alg missing", "alg", null },
        { "alg symmetric", "alg", "\"HS256\"" },
        { "alg of another curve", "alg", "\"ES384\"" },
        { "alg null", "alg", "null" },
        { "kid missing", "kid", null },
        { "kid empty", "kid", "\"\"" },
        { "kid number", "kid", "1" },
        { "kid with line break", "kid", "\"a\\n\"" },
        { "kty RSA", "kty", "\"RSA\"" },
        { "kty missing", "kty", null },
        { "crv of another", "crv", "\"P-384\"" },
        { "crv missing", "crv", null },
        { "use enc", "use", "\"enc\"" },
        { "use null", "use", "null" },
        { "key_ops without verify", "key_ops", "[\"sign\"]" },
        { "key_ops empty", "key_ops", "[]" },
        { "key_ops string", "key_ops", "\"verify\"" },
        { "key_ops for encrypting too", "key_ops", "[\"verify\",\"encrypt\"]" },
        { "key_ops twice the same", "key_ops", "[\"verify\",\"verify\"]" },
        { "key_ops with a number", "key_ops", "[\"verify\",1]" },
        { "x missing", "x", null },
        { "x padded", "x", $"\"{X}=\"" },
        { "x short", "x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA\"" },
        { "x long", "x", "\"APfNzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF\"" },
        { "y off the curve", "y", "\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a8\"" },
        { "private part", "d", "\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"" },
        { "secret", "k", "\"AAAA\"" },
        { "private part of an unknown kind", "priv", "\"AAAA\"" },
        { "x with an escape", "x", "\"\\u0066" + X[1..] + "\"" },
    };

    [Fact]
    public void Write_EcdsaKey_HasThePublicMembersOnly()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.ES256);

        var jwk = JsonElement.Parse(JsonWebKeySet.Write([key.VerificationKey])).GetProperty("keys")[0];

        Assert.Equal("kty use alg kid crv x y", string.Join(' ', jwk.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(("EC", "sig", "ES256", key.KeyId, "P-256"), (Text(jwk, "kty"), Text(jwk, "use"), Text(jwk, "alg"), Text(jwk, "kid"), Text(jwk, "crv")));
    }

    [Fact]
    public void J50_Write_Secrets_AreLeftOut()
    {
        using var secret = SigningKey.Create(SignatureAlgorithm.HS256);

        Assert.Equal("""{"keys":[]}"""u8, JsonWebKeySet.Write([secret.VerificationKey]));
    }

    [Fact]
    public void TryRead_Written_IsTheSameKeys()
    {
        using var one = SigningKey.Create(SignatureAlgorithm.ES256);
        using var two = SigningKey.Create(SignatureAlgorithm.ES256);
        var signature = new byte[64];
        two.Sign("input"u8, signature);

        Assert.True(JsonWebKeySet.TryRead(JsonWebKeySet.Write([one.VerificationKey, two.VerificationKey]), out var keys, out var fault), fault);

        Assert.Null(keys.Signing);
        Assert.Equal($"{one.KeyId} {two.KeyId}", string.Join(' ', keys.Verification.Select(key => key.KeyId)));
        Assert.True(keys.Find(two.KeyId)!.Verify("input"u8, signature));
        Assert.False(keys.Find(one.KeyId)!.Verify("input"u8, signature));
    }

    [Fact]
    public void TryRead_ForeignKey_IsTakenWithItsIdAndUnknownMembers()
    {
        Assert.True(Read($"{{\"keys\":[{Jwk(("x5t", "\"AA\""), ("key_ops", "[\"verify\"]"), ("use", null))}],\"more\":1}}", out var keys, out _));
        Assert.Equal("k1", Assert.Single(keys!.Verification).KeyId);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void J18_TryRead_BadKey_RefusesTheSet(string name, string member, string? json)
    {
        Assert.True(Read($"{{\"keys\":[{Jwk()}]}}", out _, out var fault), fault);
        Assert.False(Read($"{{\"keys\":[{Jwk((member, json))}]}}", out var keys, out fault), name);
        Assert.Null(keys);
        Assert.NotEmpty(fault!);
        Assert.False(Read($"{{\"keys\":[{Jwk(("kid", "\"k0\""))},{Jwk((member, json))}]}}", out _, out _), $"{name} after a good key");
    }

    /// <summary>RFC 7517 §5: a key of a kind that is not known here is no reason to stop.</summary>
    [Theory]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"EdDSA","kid":"k1","use":"sig"}""")]
    [InlineData("""{"kty":"AKP","alg":"ML-DSA-44","pub":"AA","kid":"k1"}""")]
    [InlineData("""{"kty":"EC","crv":"secp256k1","alg":"ES256K","x":"AA","y":"AA","kid":"k1"}""")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB","alg":"RSA-OAEP","use":"enc","kid":"k1"}""")]
    [InlineData("""{"kty":"NEW"}""")]
    public void TryRead_KeyOfAnUnknownKind_IsPassedOver(string unknown)
    {
        Assert.True(Read($"{{\"keys\":[{unknown},{Jwk()},{unknown}]}}", out var keys, out var fault), fault);
        Assert.Equal("k1", Assert.Single(keys!.Verification).KeyId);

        Assert.True(Read($"{{\"keys\":[{unknown}]}}", out keys, out fault), fault);
        Assert.Empty(keys!.Verification);
        Assert.False(JsonWebKey.TryRead(Encoding.UTF8.GetBytes(unknown), out _, out _));
    }

    [Theory]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA","alg":"EdDSA","kid":"k2"}""")]
    [InlineData("""{"kty":"oct","k":"AAAA","alg":"A256GCM","kid":"k2"}""")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB","use":"sig","kid":"k2"}""")]
    [InlineData("""{"kty":1,"alg":"EdDSA"}""")]
    [InlineData("""{"alg":"EdDSA","x":"AA","kid":"k2"}""")]
    [InlineData("[]")]
    public void J18_TryRead_SecretsOrKeysWithoutKindAmongTheUnknown_AreRefused(string key) =>
        Assert.False(Read($"{{\"keys\":[{Jwk()},{key}]}}", out _, out _));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[1]}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("{\"keys\":[],\"k\\u0065ys\":[]}")]
    [InlineData("{\"keys\":[]} x")]
    public void TryRead_NoSet_IsRefused(string json)
    {
        Assert.False(Read(json, out var keys, out var fault));
        Assert.Null(keys);
        Assert.NotNull(fault);
    }

    [Fact]
    public void J18_TryRead_SecretBesidePublicKey_IsRefused() =>
        Assert.False(Read($$"""{"keys":[{{Jwk()}},{"kty":"oct","alg":"HS256","kid":"s","k":"{{new string('A', 43)}}"}]}""", out _, out _));

    [Fact]
    public void J18_TryRead_TwoKeysOfOneId_IsRefused() => Assert.False(Read($"{{\"keys\":[{Jwk()},{Jwk()}]}}", out _, out _));

    [Fact]
    public void TryRead_UpTo64KiB_IsRead()
    {
        var keys = Enumerable.Range(0, 300).Select(static i => Jwk(("kid", $"\"{i:d43}\""))).ToList();
        var many = $"{{\"keys\":[{string.Join(',', keys)}],\"x\":\"\"}}";
        var padding = new string('x', (64 * 1024) - many.Length);

        Assert.True(Read(many.Replace("\"x\":\"\"", $"\"x\":\"{padding}\"", StringComparison.Ordinal), out var set, out _));
        Assert.Equal(300, set!.Verification.Count);
        Assert.False(Read(many.Replace("\"x\":\"\"", $"\"x\":\"{padding}x\"", StringComparison.Ordinal), out _, out _));
    }

    [Fact]
    public void TryRead_NoKeys_IsAnEmptySet()
    {
        Assert.True(Read("{\"keys\":[]}", out var keys, out _));
        Assert.Empty(keys!.Verification);
    }

    private static bool Read(string json, out KeySet? keys, out string? fault) => JsonWebKeySet.TryRead(Encoding.UTF8.GetBytes(json), out keys, out fault);

    private static string? Text(JsonElement jwk, string name) => jwk.GetProperty(name).GetString();

    private static string Jwk(params (string Name, string? Json)[] changes)
    {
        var members = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["kty"] = "\"EC\"", ["use"] = "\"sig\"", ["alg"] = "\"ES256\"", ["kid"] = "\"k1\"", ["crv"] = "\"P-256\"", ["x"] = $"\"{X}\"", ["y"] = $"\"{Y}\"",
        };
        foreach (var (name, json) in changes)
        {
            members[name] = json;
        }

        return "{" + string.Join(',', members.Where(member => member.Value is not null).Select(member => $"\"{member.Key}\":{member.Value}")) + "}";
    }
}
