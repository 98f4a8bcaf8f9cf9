using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

/// <summary>What the policy of a shared secret takes that the strict one does not, and what it refuses all the same.</summary>
public sealed class SharedSecretTests
{
    private const string OtherSecret = "f2c9a1047be83d56e0f1a2b3c4d5968778695a4b3c2d1e0f";

    public static TheoryData<string, string, string?, TokenError> RefusedClaims => new()
    {
        { "exp missing", "exp", null, TokenError.MissingExpiry },
        { "exp string", "exp", "\"1767227400\"", TokenError.ClaimType },
        { "expired", "exp", "1767225600", TokenError.Expired },
        { "exp beyond an hour without iat", "exp", "1767229201", TokenError.LifetimeTooLong },
        { "sub missing", "sub", null, TokenError.MissingSubject },
        { "sub number", "sub", "42", TokenError.ClaimType },
        { "type missing", "type", null, TokenError.WrongType },
        { "type refresh", "type", "\"refresh\"", TokenError.WrongType },
        { "aud where none is configured", "aud", "\"https://api.example\"", TokenError.WrongAudience },
        { "aud empty array", "aud", "[]", TokenError.WrongAudience },
        { "iss null", "iss", "null", TokenError.ClaimType },
        { "nbf ahead", "nbf", "1767225661", TokenError.NotYetValid },
        { "iat ahead", "iat", "1767225661", TokenError.IssuedInFuture },
        { "iat too long before exp", "iat", "1767223799", TokenError.LifetimeTooLong },
        { "jti empty", "jti", "\"\"", TokenError.MissingTokenId },
        { "cnf", "cnf", "{}", TokenError.ProofRequired },
    };

    [Theory]
    [InlineData("typ", null)]
    [InlineData("typ", "\"JWT\"")]
    [InlineData("typ", "\"at+jwt\"")]
    public void TryValidate_TypOfTheOriginalsWorld_IsAccepted(string member, string? json)
    {
        using var forge = Forge.OfSharedSecret();

        Assert.Equal("42", forge.Accepted(forge.Token(forge.Header((member, json)), Forge.SpecificationClaims())).Subject);
    }

    [Theory]
    [InlineData("typ", "\"rt+jwt\"", TokenError.WrongTyp)]
    [InlineData("typ", "\"dpop+jwt\"", TokenError.WrongTyp)]
    [InlineData("typ", "null", TokenError.WrongTyp)]
    [InlineData("kid", "\"any\"", TokenError.UnknownKey)]
    [InlineData("kid", "\"\"", TokenError.UnknownKey)]
    [InlineData("alg", "\"none\"", TokenError.AlgorithmMismatch)]
    [InlineData("alg", "\"HS384\"", TokenError.AlgorithmMismatch)]
    [InlineData("alg", "\"ES256\"", TokenError.AlgorithmMismatch)]
    [InlineData("crit", "[]", TokenError.UnsupportedHeader)]
    public void TryValidate_HostileHeader_IsRefusedByItsRule(string member, string json, TokenError error)
    {
        using var forge = Forge.OfSharedSecret();

        Assert.Equal(error, forge.Problem(forge.Token(forge.Header((member, json)), Forge.SpecificationClaims())));
    }

    [Theory]
    [MemberData(nameof(RefusedClaims))]
    public void TryValidate_HostileClaim_IsRefusedByItsRule(string name, string claim, string? json, TokenError error)
    {
        using var forge = Forge.OfSharedSecret();

        Assert.True(forge.Problem(forge.Token(claims: Forge.SpecificationClaims((claim, json)))) == error, name);
    }

    [Theory]
    [InlineData(null, "\"https://any.example\"", null)]
    [InlineData("https://auth.example", null, null)]
    [InlineData("https://auth.example", "\"https://auth.example\"", null)]
    [InlineData("https://auth.example", "\"https://other.example\"", TokenError.WrongIssuer)]
    [InlineData("https://auth.example", "\"\"", TokenError.WrongIssuer)]
    public void TryValidate_Issuer_MustMatchWhereBothAreThere(string? configured, string? json, TokenError? error)
    {
        using var forge = Forge.OfSharedSecret();
        forge.Policy = forge.Policy.WithIssuer(configured);

        Assert.Equal(error, forge.Problem(forge.Token(claims: Forge.SpecificationClaims(("iss", json)))));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("\"https://api.example\"", null)]
    [InlineData("[\"x\",\"https://api.example\"]", null)]
    [InlineData("\"https://other.example\"", TokenError.WrongAudience)]
    public void TryValidate_AudienceConfigured_MustMatchWhenPresent(string? json, TokenError? error)
    {
        using var forge = Forge.OfSharedSecret();
        forge.Policy = forge.Policy.WithAudience(Forge.Audience);

        Assert.Equal(error, forge.Problem(forge.Token(claims: Forge.SpecificationClaims(("aud", json)))));
    }

    [Fact]
    public void CreateAccessToken_SharedSecret_WritesHeaderOfTheOriginal()
    {
        using var forge = Forge.OfSharedSecret();

        // {"alg":"HS256","typ":"JWT"}
        Assert.StartsWith("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", forge.TokenIssuer.CreateAccessToken("42").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void TryValidate_PreviousSecret_VerifiesUntilItIsGone()
    {
        using var forge = Forge.OfSharedSecret();
        var old = forge.TokenIssuer.CreateAccessToken("42").Value;

        forge.Policy = TokenPolicy.SharedSecret(OtherSecret, Forge.Secret);
        Assert.Null(forge.Problem(old));
        Assert.Null(forge.Problem(forge.TokenIssuer.CreateAccessToken("42").Value));

        forge.Policy = TokenPolicy.SharedSecret(OtherSecret);
        Assert.Equal(TokenError.BadSignature, forge.Problem(old));
    }

    [Fact]
    public void TryValidate_RefreshKeysUnderTheSharedPolicy_AreFoundById()
    {
        using var forge = Forge.OfSharedSecret();
        using var refreshKey = SigningKey.Create(SignatureAlgorithm.HS256);
        forge.Policy = forge.Policy.WithKeys(new KeyRing(new KeySet(refreshKey, [])));
        var token = forge.TokenIssuer.CreateRefreshToken("42").Value;

        Assert.Equal(refreshKey.KeyId, forge.Accepted(token, TokenType.Refresh).Key.KeyId);
        Assert.Equal(TokenError.WrongTyp, forge.Problem(token));
        Assert.Equal(TokenError.UnknownKey, forge.Problem(forge.Token(claims: Forge.SpecificationClaims())));
    }

    [Fact]
    public void TryValidate_StrictPolicyOverASharedSecret_RefusesTokensWithoutKid()
    {
        using var forge = Forge.OfSharedSecret();
        var token = forge.Token(forge.Header(("typ", "\"at+jwt\"")));
        forge.Policy = TokenPolicy.Strict(forge.Policy.Keys, Forge.Issuer, Forge.Audience);

        Assert.Equal(TokenError.UnknownKey, forge.Problem(token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("your-secret-key-change-in-production-0123456789")]
    [InlineData("CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME")]
    [InlineData("a-string-secret-at-least-256-bits-long")]
    public void J55_TryCheckSecret_WeakOrKnown_IsRefusedWithoutEcho(string? secret)
    {
        Assert.False(TokenPolicy.TryCheckSecret(secret, out var fault));
        Assert.False(secret is { Length: > 6 } && fault.Contains(secret, StringComparison.Ordinal));
        Assert.ThrowsAny<ArgumentException>(() => TokenPolicy.SharedSecret(secret!));
        if (secret is not null)
        {
            Assert.Throws<ArgumentException>(() => TokenPolicy.SharedSecret(Forge.Secret, secret));
        }
    }

    [Fact]
    public void J55_TryCheckSecret_LoneSurrogate_IsRefused() => Assert.False(TokenPolicy.TryCheckSecret($"{Forge.Secret}\ud800", out _));

    [Fact]
    public void SharedSecret_PreviousIsTheCurrent_Throws() =>
        Assert.Throws<ArgumentException>(() => TokenPolicy.SharedSecret(Forge.Secret, Forge.Secret));

    [Fact]
    public void TryCheckSecret_Random_Passes()
    {
        Assert.True(TokenPolicy.TryCheckSecret(Forge.Secret, out var fault), fault);
        Assert.True(TokenPolicy.TryCheckSecret("ÄÖÜ" + Convert.ToBase64String(Encoding.UTF8.GetBytes(OtherSecret)), out fault), fault);
    }
}
