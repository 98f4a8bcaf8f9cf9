using System.Text;
using CsCheck;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Jose;

/// <summary>The reader for plain claims sets says nothing that the reader for all of JSON does not say too.</summary>
public sealed class PlainClaimsReaderTests
{
    private static readonly ExpectedClaims Expected = new(TokenPolicy.Strict(new KeyRing(KeySet.Empty), Forge.Issuer, Forge.Audience));

    private static readonly string[] Names =
    [
        "iss", "sub", "aud", "client_id", "exp", "nbf", "iat", "jti", "sid", "type", "auth_time", "amr", "roles", "epoch", "cnf", "x", "", "ab", "abc", "ISS",
        "iss ", "a\\u0062c", "é", "type1", "client-id", "a\tb", "a\\\"b", "a\"b",
    ];

    private static readonly string[] Values =
    [
        $"\"{Forge.Issuer}\"", $"\"{Forge.Audience}\"", "\"\"", "\"access\"", "\"refresh\"", "\"other\"", "\"countersign\"",
        "\"01890a5d-ac96-774b-bcce-b302099a8057\"",
        "\"01890A5D-AC96-774B-BCCE-B302099A8057\"", "\"01890a5dac96774bbcceb302099a8057\"", "\"a\\u0062\"", "\"é\"", "\"a", "0", "1", "00", "01", "-0", "-1",
        "+1", "1767225600",
        "253402300799", "253402300800", "999999999999999999", "1000000000000000000", "9223372036854775808", "1.0", "1e3", "1E400", "1.", ".5", "0x10", "true",
        "false", "null",
        "True", "truex", "[]", "[\"a\"]", $"[\"b\",\"{Forge.Audience}\"]", "[\"a\",1]", "[\"a\",]", "[,\"a\"]", "[\"a\"", "[[\"a\"]]", "{}",
        "{\"a\":1,\"a\":2}", "{\"a\":[1]}", "",
        "\"" + new string('a', 255) + "\"", "\"" + new string('a', 256) + "\"", "NaN", "\"a\nb\"", "\u007f", "\"\u007f\"",
    ];

    private static readonly Gen<string> Json = Gen.Select(
        Gen.Select(Among(Names), Among(Values)).Array[0, 12],
        Gen.Frequency((20, Gen.Const("")), (1, Among(" ", "\n", ",", "}", "{", "\0", "\"", ":"))),
        Gen.Int[0, 400],
        (members, edit, at) =>
        {
            var json = "{" + string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}")) + "}";
            return json.Insert(Math.Min(at, json.Length), edit);
        });

    [Fact]
    public void TryRead_RandomClaims_SaysWhatTheReaderForAllJsonSays()
    {
        var taken = 0;

        Json.Sample(
            json =>
            {
                var utf8 = Encoding.UTF8.GetBytes(json);
                if (!PlainClaimsReader.TryRead(utf8, Expected, out var plain))
                {
                    return true;
                }

                Interlocked.Increment(ref taken);
                return ClaimsReader.ReadAny(utf8, Expected, out var any) is null && Describe(plain, utf8) == Describe(any, utf8);
            },
            iter: 200_000);

        Assert.True(taken > 2_000, $"only {taken} were plain");
    }

    /// <summary>One known claim with one value, all pairs: what both readers take is the same, and what is plain is taken.</summary>
    [Fact]
    public void TryRead_EveryPairOfNameAndValue_SaysWhatTheReaderForAllJsonSays()
    {
        foreach (var json in Names.SelectMany(_ => Values, (name, value) => $"{{\"{name}\":{value}}}"))
        {
            var utf8 = Encoding.UTF8.GetBytes(json);
            var error = ClaimsReader.ReadAny(utf8, Expected, out var any);
            if (PlainClaimsReader.TryRead(utf8, Expected, out var plain))
            {
                Assert.True(error is null, $"{json}: {error}");
                Assert.Equal(Describe(any, utf8), Describe(plain, utf8));
            }
        }
    }

    /// <summary>What this package writes is plain, or reading it quickly would be for nothing.</summary>
    [Theory]
    [InlineData(TokenType.Access)]
    [InlineData(TokenType.Refresh)]
    public void TryRead_IssuedClaims_AreTaken(TokenType type)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var token = forge.TokenIssuer.Create(new TokenDescriptor
        {
            Type = type, Subject = "42", IssuedAt = Forge.Start, ExpiresAt = Forge.Start.AddMinutes(5), TokenId = "id", SessionId = Guid.CreateVersion7(),
            Methods = ["pwd"],
            Roles = ["a", "b"], AuthenticatedAt = Forge.Start, Epoch = 3, Revision = 12_345,
            Claims = [new("gen", 17L), new("name", "Ada"), new("flag", true), new("list", ClaimValue.Array("a", "b"))],
        });

        Assert.True(PlainClaimsReader.TryRead(forge.Accepted(token, type).PayloadUtf8.Span, new ExpectedClaims(forge.Policy), out _));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"sub\":\"1\",\"sub\":\"2\"}")]
    [InlineData("{\"x\":1,\"x\":2}")]
    [InlineData("{\"sub\":\"1\"} ")]
    [InlineData("{\"sub\":\"1\"}}")]
    [InlineData("{\"sub\":\"\\u0061\"}")]
    [InlineData("{\"sub\": \"1\"}")]
    [InlineData("{\"sub\":\"é\"}")]
    [InlineData("{\"cnf\":{}}")]
    [InlineData("{\"cnf\":null}")]
    [InlineData("{\"exp\":01}")]
    [InlineData("{\"exp\":-1}")]
    [InlineData("{\"exp\":\"1\"}")]
    [InlineData("{\"exp\":253402300800}")]
    [InlineData("{\"epoch\":-1}")]
    [InlineData("{\"sid\":\"01890a5dac96774bbcceb302099a8057\"}")]
    [InlineData("{\"aud\":[\"a\",1]}")]
    [InlineData("{\"roles\":\"a\"}")]
    [InlineData("[\"sub\"]")]
    [InlineData("")]
    public void TryRead_AnythingElse_IsLeftToTheOther(string json) => Assert.False(PlainClaimsReader.TryRead(Encoding.UTF8.GetBytes(json), Expected, out _));

    private static Gen<string> Among(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    /// <summary>All that a set holds, with its texts.</summary>
    internal static string Describe(in ClaimsSet set, byte[] payload) => string.Join(
        '|',
        set.ExpiresAt, set.NotBefore, set.IssuedAt, set.AuthenticatedAt, set.Epoch, set.Revision, set.SessionId, set.Issuer
            ?? "-", set.ClientId
            ?? "-", set.Subject.Read(payload)
            ?? "-",
        set.TokenId.Read(payload)
            ?? "-", set.Subject.Length, set.TokenId.Length, set.Audience, set.Type, set.HasConfirmation, set.ListedTexts, set.ListedBytes);
}
