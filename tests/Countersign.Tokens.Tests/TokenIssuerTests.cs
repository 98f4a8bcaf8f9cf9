using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

public sealed class TokenIssuerTests
{
    private static readonly Guid Session = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");

    public static TheoryData<string, Func<TokenDescriptor>> NotAllowed => new()
    {
        { "empty subject", () => Describe(subject: "") },
        { "subject too long", () => Describe(subject: new string('x', 256)) },
        { "subject with a lone surrogate", () => Describe(subject: "\ud800") },
        { "no lifetime", () => Describe(expires: TimeSpan.FromMilliseconds(999)) },
        { "negative lifetime", () => Describe(expires: TimeSpan.FromSeconds(-1)) },
        { "lifetime above the longest", () => Describe(expires: TimeSpan.FromSeconds(3601)) },
        { "type unset", () => Describe(type: 0) },
        { "token id empty", () => Describe(tokenId: "") },
        { "epoch negative", () => Describe(epoch: -1) },
        { "role null", () => Describe(roles: [null!]) },
        { "method with a lone surrogate", () => Describe(methods: ["\udc00"]) },
        { "claim of a reserved name", () => Describe(claims: [new("sub", "1")]) },
        { "claim that binds to a key", () => Describe(claims: [new("cnf", "1")]) },
        { "claim twice", () => Describe(claims: [new("gen", 1L), new("gen", 2L)]) },
        { "claim unset", () => Describe(claims: [new("x", default)]) },
        { "claim without name", () => Describe(claims: [new(null!, 1L)]) },
        { "JSON with a name twice", () => Describe(claims: [new("x", JsonElement.Parse("""{"a":1,"\u0061":2}"""))]) },
        { "JSON too deep", () => Describe(claims: [new("x", JsonElement.Parse(new string('[', 16) + new string(']', 16)))]) },
        { "token too long", () => Describe(claims: [new("x", new string('x', 8192))]) },
    };

    [Theory]
    [MemberData(nameof(NotAllowed))]
    public void Create_DescriptionNotAllowed_Throws(string name, Func<TokenDescriptor> describe)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);

        Assert.True(Record.Exception(() => forge.TokenIssuer.Create(describe())) is ArgumentException, name);
        Assert.Null(forge.Problem(forge.TokenIssuer.Create(Describe())));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("ES256")]
    public void Create_FullDescription_IsReadBackAsWritten(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var token = forge.TokenIssuer.Create(Full());

        var claims = forge.Accepted(token);

        Assert.Equal("user \"ü\" 😀", claims.Subject);
        Assert.Equal(TokenType.Access, claims.Type);
        Assert.Equal(Forge.Start, claims.IssuedAt);
        Assert.Equal(Forge.Start.AddMinutes(10), claims.ExpiresAt);
        Assert.Equal(Forge.Start.AddMinutes(-5), claims.AuthenticatedAt);
        Assert.Equal(Session, claims.SessionId);
        Assert.Equal("id", claims.TokenId);
        Assert.Equal(Forge.Issuer, claims.Issuer);
        Assert.Equal("countersign", claims.ClientId);
        Assert.Equal(["pwd"], claims.Methods);
        Assert.Equal(["admin", "über"], claims.Roles);
        Assert.Equal(7, claims.Epoch);
        Assert.Null(claims.NotBefore);
        Assert.Same(forge.Key.VerificationKey, claims.Key);
    }

    [Fact]
    public void Create_FullDescription_WritesMembersInOneOrder()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);

        var names = JsonElement.Parse(Payload(forge.TokenIssuer.Create(Full()))).EnumerateObject().Select(member => member.Name);

        string[] expected =
        [
            "iss", "sub", "aud", "client_id", "exp", "iat", "jti", "sid", "type", "auth_time", "amr", "roles", "epoch",
            "text", "whole", "part", "truth", "json", "list",
        ];
        Assert.Equal(expected.AsEnumerable(), names, StringComparer.Ordinal);
    }

    [Fact]
    public void TokenClaims_FurtherClaims_AreReadByTheirType()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var claims = forge.Accepted(forge.TokenIssuer.Create(Full()));

        Assert.True(claims.TryGetString("text", out var text));
        Assert.Equal("t + ü", text);
        Assert.True(claims.TryGetInt64("whole", out var whole));
        Assert.Equal(long.MinValue, whole);
        Assert.True(claims.TryGetDouble("part", out var part));
        Assert.Equal(0.1, part);
        Assert.True(claims.TryGetBoolean("truth", out var truth));
        Assert.True(truth);
        Assert.True(claims.TryGetElement("json", out var json));
        Assert.Equal("""{"a":[null]}""", json.GetRawText());
        Assert.True(claims.TryGetElement("list", out var list));
        Assert.Equal("""["a",1,[true]]""", list.GetRawText());

        Assert.False(claims.TryGetString("whole", out _));
        Assert.False(claims.TryGetInt64("part", out _));
        Assert.False(claims.TryGetDouble("text", out _));
        Assert.False(claims.TryGetBoolean("json", out _));
        Assert.False(claims.TryGetElement("a", out _));
    }

    [Fact]
    public void Create_ClaimThatTheReaderWouldRefuse_Throws()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        ClaimValue Nested(int depth) => Enumerable.Range(0, depth).Aggregate((ClaimValue)1L, (inside, _) => ClaimValue.Array(inside));
        string Create(string name, ClaimValue value) => forge.TokenIssuer.Create(Describe(claims: [new(name, value)]));

        Assert.Null(forge.Problem(Create("x", Nested(15))));
        Assert.Throws<ArgumentException>(() => Create("x", Nested(16)));
        Assert.Null(forge.Problem(Create(new string('"', 256), 1L)));
        Assert.Throws<ArgumentException>(() => Create(new string('"', 257), 1L));
        Assert.Null(forge.Problem(Create("x", JsonElement.Parse("\"\\ud83d\\ude00\""))));
        Assert.Throws<ArgumentException>(() => Create("x", JsonElement.Parse("\"\\ud800\"")));
        Assert.Throws<ArgumentException>(() => Create("x", JsonElement.Parse("{\"\\ud800\":1}")));
    }

    [Fact]
    public void Create_EqualDescriptions_HmacTokensAreEqual()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);

        Assert.Equal(forge.TokenIssuer.Create(Full()), forge.TokenIssuer.Create(Full(), forge.Key));
    }

    [Fact]
    public void Create_UnderAnotherKey_NamesThatKey()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        using var other = SigningKey.Create(SignatureAlgorithm.HS256);
        var token = forge.TokenIssuer.Create(Describe(), other);

        Assert.Equal(TokenError.UnknownKey, forge.Problem(token));
        forge.Policy = forge.Policy.WithKeys(new KeyRing(new KeySet(other, [])));
        Assert.Null(forge.Problem(token));
    }

    [Fact]
    public void Create_RefreshToken_HasNeitherAudienceNorClient()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var payload = Payload(forge.TokenIssuer.Create(Describe(type: TokenType.Refresh, expires: TimeSpan.FromDays(7), tokenId: null)));

        Assert.Equal($$"""{"iss":"{{Forge.Issuer}}","sub":"42","exp":1767830400,"iat":1767225600,"type":"refresh"}""", payload);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    [InlineData(-60)]
    [InlineData(3600.5)]
    public void CreateAccessToken_LifetimeOutsideItsRange_Throws(double seconds)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);

        Assert.Throws<ArgumentOutOfRangeException>(() => forge.TokenIssuer.CreateAccessToken("42", TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void CreateAccessToken_Twice_TokenIdsDiffer()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var ids = Enumerable.Range(0, 100).Select(_ => forge.Accepted(forge.TokenIssuer.CreateAccessToken("42").Value).TokenId);

        Assert.Equal(100, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Create_NoKeyToSignWith_Throws()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        forge.Policy.Keys.Replace(new KeySet(signing: null, [forge.Key.VerificationKey]));

        Assert.Throws<InvalidOperationException>(() => forge.TokenIssuer.CreateAccessToken("42"));
    }

    [Fact]
    public void Create_KeyWithoutIdUnderAStrictPolicy_Throws()
    {
        using var forge = Forge.OfSharedSecret();
        var strict = new TokenIssuer(TokenPolicy.Strict(forge.Policy.Keys, Forge.Issuer, Forge.Audience), forge.Time);

        Assert.Throws<InvalidOperationException>(() => strict.CreateAccessToken("42"));
    }

    [Fact]
    public void ClaimValue_NotFinite_Throws()
    {
        Assert.Throws<ArgumentException>(() => (ClaimValue)double.NaN);
        Assert.Throws<ArgumentException>(() => (ClaimValue)double.PositiveInfinity);
        Assert.Throws<ArgumentException>(() => (ClaimValue)default(JsonElement));
        Assert.Throws<ArgumentException>(() => (ClaimValue)"\udfff");
    }

    private static TokenDescriptor Full() => Describe(
        "user \"ü\" 😀", TimeSpan.FromMinutes(10), tokenId: "id", epoch: 7, roles: ["admin", "über"], methods: ["pwd"], session: Session,
        authenticated: TimeSpan.FromMinutes(-5),
        claims:
        [
            new("text", "t + ü"), new("whole", long.MinValue), new("part", 0.1), new("truth", true), new("json", JsonElement.Parse("""{"a":[null]}""")),
            new("list", ClaimValue.Array("a", 1L, ClaimValue.Array(true))),
        ]);

    private static TokenDescriptor Describe(
        string subject = "42",
        TimeSpan? expires = null,
        TokenType type = TokenType.Access,
        string? tokenId = "id",
        long? epoch = null,
        IReadOnlyList<string>? roles = null,
        IReadOnlyList<string>? methods = null,
        Guid? session = null,
        TimeSpan? authenticated = null,
        IReadOnlyList<KeyValuePair<string, ClaimValue>>? claims = null) => new()
        {
            Type = type,
            Subject = subject,
            IssuedAt = Forge.Start,
            ExpiresAt = Forge.Start + (expires ?? TimeSpan.FromMinutes(10)),
            TokenId = tokenId,
            Epoch = epoch,
            Roles = roles,
            Methods = methods,
            SessionId = session,
            AuthenticatedAt = Forge.Start + authenticated,
            Claims = claims,
        };

    private static string Payload(string token)
    {
        var bytes = new byte[token.Length];
        Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(token.Split('.')[1]), bytes, out _, out var written);
        return Encoding.UTF8.GetString(bytes, 0, written);
    }
}
