using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

public sealed class HostileTokenTests
{
    private static readonly Dictionary<string, (Forge Forge, Dictionary<string, HostileToken> Rows)> Tables =
        TestKeys.FamilyNames.ToDictionary(
            algorithm => algorithm,
            algorithm =>
            {
                var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
                return (forge, HostileTokens.For(forge).ToDictionary(row => row.ToString(), StringComparer.Ordinal));
            },
            StringComparer.Ordinal);

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (algorithm, table) in Tables)
            {
                foreach (var name in table.Rows.Keys)
                {
                    rows.Add(algorithm, name);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void TryValidate_HostileToken_IsRefusedByItsRule(string algorithm, string name)
    {
        var (forge, rows) = Tables[algorithm];
        var row = rows[name];

        Assert.Equal(row.Error, forge.Problem(row.Token));
        Assert.False(forge.Validator.TryValidate(Encoding.UTF8.GetBytes(row.Token), out var claims, out var error));
        Assert.Null(claims);
        Assert.Equal(row.Error, error);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Decode_HostileToken_GivesNull(string algorithm, string name)
    {
        var (forge, rows) = Tables[algorithm];

        Assert.Null(forge.Validator.Decode(rows[name].Token));
    }

    [Theory]
    [MemberData(nameof(TestKeys.Families), MemberType = typeof(TestKeys))]
    public void TryValidate_TokenWithoutFault_IsAccepted(string algorithm)
    {
        var forge = Tables[algorithm].Forge;

        Assert.Equal("42", forge.Accepted(forge.Token()).Subject);
    }

    [Theory]
    [InlineData("application/at+jwt in full", "\"application/at+jwt\"")]
    [InlineData("escaped", "\"at\\u002bjwt\"")]
    public void TryValidate_OtherSpellingOfTyp_IsAccepted(string name, string typ)
    {
        var forge = Tables["ES256"].Forge;

        Assert.True(forge.Problem(forge.Token(forge.Header(("typ", typ)))) is null, name);
    }

    [Theory]
    [InlineData("aud", "[\"other\",\"https://api.example\"]")]
    [InlineData("sid", "\"01890A5D-AC96-774B-BCCE-B302099A8057\"")]
    [InlineData("x", "[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]")]
    [InlineData("x", "\"\\ud83d\\ude00\"")]
    [InlineData("gr\\u00fc\\u00dfe", "1e400")]
    [InlineData("x", "[{\"a\":1},{\"a\":1}]")]
    [InlineData("iat", "1767225600.0")]
    public void TryValidate_UnusualButLegalClaim_IsAccepted(string name, string json)
    {
        var forge = Tables["ES256"].Forge;

        Assert.Null(forge.Problem(forge.Token(claims: Forge.Claims((name, json)))));
    }

    [Fact]
    public void Rows_EveryApplicableRule_HasARow()
    {
        string[] rules =
        [
            "J-01", "J-02", "J-03", "J-04", "J-05", "J-06", "J-10", "J-11", "J-12", "J-13", "J-14", "J-15", "J-16", "J-17", "J-20",
            "J-30", "J-31", "J-32", "J-33", "J-34", "J-35", "J-36", "J-38", "J-39", "J-40",
        ];

        foreach (var (_, table) in Tables)
        {
            var covered = table.Rows.Values.Select(row => row.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            Assert.Equal(rules.AsEnumerable(), covered, StringComparer.Ordinal);
        }
    }

    /// <summary>The order of checks is one: letters outside ASCII come into view with base64url, not before.</summary>
    [Theory]
    [InlineData("é", TokenError.MalformedSegments)]
    [InlineData("é.e30", TokenError.MalformedSegments)]
    [InlineData("e30.e30.é.e30", TokenError.MalformedSegments)]
    [InlineData("e30.\uff0e.e30.e30", TokenError.MalformedSegments)]
    [InlineData("e30\uff0ee30\uff0ee30", TokenError.MalformedSegments)]
    [InlineData("é.e30.e30", TokenError.MalformedBase64Url)]
    [InlineData("e30.e30.é", TokenError.MalformedBase64Url)]
    [InlineData("e30.\uff21A.e30", TokenError.MalformedBase64Url)]
    public void TryValidate_TextAndItsBytes_AreRefusedForTheSameReason(string token, TokenError expected)
    {
        var validator = Tables["HS256"].Forge.Validator;

        Assert.False(validator.TryValidate(token, out _, out var ofText));
        Assert.False(validator.TryValidate(Encoding.UTF8.GetBytes(token), out _, out var ofBytes));
        Assert.Equal((expected, expected), (ofText, ofBytes));
    }

    [Fact]
    public void J04_TryValidate_HundredThousandDots_TakesNoMemory()
    {
        var forge = Tables["HS256"].Forge;
        var validator = forge.Validator;
        var dots = new string('.', 100_000);
        var segments = new string('.', 8192);

        var allocated = AllocatedMemory.Of(() =>
        {
            validator.TryValidate(dots, out _, out _);
            validator.TryValidate(segments, out _, out _);
        });

        Assert.InRange(allocated, 0, 16_384);
    }

    [Fact]
    public void J14_J15_Package_HasNoWayToReachNetworkOrDatabase()
    {
        var references = typeof(TokenValidator).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.DoesNotContain(references, name =>
            name.StartsWith("System.Net", StringComparison.Ordinal) || name.StartsWith("System.Data", StringComparison.Ordinal)
            || name.Contains("FileSystem", StringComparison.Ordinal) || name.StartsWith("Microsoft", StringComparison.Ordinal));
    }

    [Fact]
    public void J19_TryValidate_KeyOfAnotherIssuer_VerifiesNothingHere()
    {
        var here = Tables["ES256"].Forge;
        using var there = new Forge(SignatureAlgorithm.ES256);

        // Same issuer named inside, same audience: the key alone tells them apart.
        Assert.Equal(TokenError.UnknownKey, here.Problem(there.Token()));
    }

    [Theory]
    [InlineData("HS256", "no JSON at all")]
    [InlineData("HS256", "{}")]
    [InlineData("HS256", "{\"sub\":\"1\",\"sub\":\"2\"}")]
    [InlineData("ES256", "no JSON at all")]
    [InlineData("RS256", "{\"exp\":0}")]
    [InlineData("PS256", "{\"exp\":\"text\"}")]
    public void J21_TryValidate_ClaimsWithoutGenuineSignature_AreNotLookedAt(string algorithm, string claims)
    {
        var forge = Tables[algorithm].Forge;
        var good = forge.Token();
        var token = $"{good.Split('.')[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{good.Split('.')[2]}";

        // Whatever is wrong with them, the signature is what they are refused for.
        Assert.Equal(TokenError.BadSignature, forge.Problem(token));
    }

    [Fact]
    public void J22_TryValidate_ProviderFails_IsRefused()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        var token = forge.Token();
        forge.Policy.Keys.Replace(new KeySet(signing: null, [new BrokenKey(forge.Key.KeyId!)]));

        Assert.Equal(TokenError.VerificationFault, forge.Problem(token));
        Assert.Null(forge.Validator.Decode(token));
    }

    [Fact]
    public void TryValidate_NoKeys_SaysSo()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        var token = forge.Token();
        forge.Policy.Keys.Replace(KeySet.Empty);

        Assert.Equal(TokenError.NoKeys, forge.Problem(token));
    }

    [Fact]
    public void TryValidate_KeyRemovedFromTheRing_IsRefusedAtOnce()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        using var next = SigningKey.Create(SignatureAlgorithm.ES256);
        var token = forge.Token();
        Assert.Null(forge.Problem(token));

        forge.Policy.Keys.Replace(new KeySet(next, [forge.Key.VerificationKey]));
        Assert.Null(forge.Problem(token));
        forge.Policy.Keys.Replace(new KeySet(next, []));

        Assert.Equal(TokenError.UnknownKey, forge.Problem(token));
    }

    /// <summary>A key whose provider has failed.</summary>
    private sealed class BrokenKey(string keyId) : VerificationKey(SignatureAlgorithm.ES256, keyId, signatureBytes: 64)
    {
        public override byte[] ExportSubjectPublicKeyInfo() => throw new CryptographicException("The provider failed.");

        private protected override bool VerifyExact(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature) =>
            throw new CryptographicException("The provider failed.");
    }
}
