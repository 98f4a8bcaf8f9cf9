using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

/// <summary>J-31: every kind of token at every place for a kind.</summary>
public sealed class KindMatrixTests
{
    [Theory]
    [InlineData("HS256", TokenType.Access, TokenType.Access, null)]
    [InlineData("HS256", TokenType.Access, TokenType.Refresh, TokenError.WrongTyp)]
    [InlineData("HS256", TokenType.Refresh, TokenType.Access, TokenError.WrongTyp)]
    [InlineData("HS256", TokenType.Refresh, TokenType.Refresh, null)]
    [InlineData("ES256", TokenType.Access, TokenType.Access, null)]
    [InlineData("ES256", TokenType.Access, TokenType.Refresh, TokenError.WrongTyp)]
    [InlineData("ES256", TokenType.Refresh, TokenType.Access, TokenError.WrongTyp)]
    [InlineData("ES256", TokenType.Refresh, TokenType.Refresh, null)]
    [InlineData("SharedSecret", TokenType.Access, TokenType.Access, null)]
    [InlineData("SharedSecret", TokenType.Access, TokenType.Refresh, TokenError.WrongType)]
    [InlineData("SharedSecret", TokenType.Refresh, TokenType.Access, TokenError.WrongType)]
    [InlineData("SharedSecret", TokenType.Refresh, TokenType.Refresh, null)]
    public void TryValidate_KindAtPlace_OnlyItsOwnPlaceTakesIt(string kind, TokenType made, TokenType due, TokenError? error)
    {
        using var forge = kind == "SharedSecret" ? Forge.OfSharedSecret() : new Forge(SignatureAlgorithm.Find(kind)!);
        var issuer = forge.TokenIssuer;
        var token = made == TokenType.Access ? issuer.CreateAccessToken("42") : issuer.CreateRefreshToken("42");

        Assert.Equal(error, forge.Problem(token.Value, due));
    }

    [Theory]
    [InlineData("\"at+jwt\"", "\"refresh\"", TokenType.Access)]
    [InlineData("\"rt+jwt\"", "\"access\"", TokenType.Refresh)]
    public void TryValidate_TypAndClaimDisagree_IsRefused(string typ, string type, TokenType due)
    {
        using var forge = Forge.OfSharedSecret();
        var token = forge.Token(forge.Header(("typ", typ)), Forge.SpecificationClaims(("type", type)));

        Assert.Equal(TokenError.WrongType, forge.Problem(token, due));
        Assert.Null(forge.Validator.Decode(token));
    }

    [Theory]
    [InlineData((TokenType)0)]
    [InlineData((TokenType)3)]
    public void TryValidate_NoKindAtAll_IsACallersBug(TokenType type)
    {
        using var forge = Forge.OfSharedSecret();

        Assert.Throws<ArgumentOutOfRangeException>(() => forge.Validator.TryValidate(forge.Token(), out _, out _, type));
    }

    [Fact]
    public void TryValidate_RefreshTokenOfAStrictPolicy_NeedsIssuerAndInstantsButNoAudience()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        string Refresh(params (string, string?)[] changes) =>
            forge.Token(
                forge.Header(("typ", "\"rt+jwt\"")), Forge.Claims([("type", "\"refresh\""), ("aud", null), ("jti", null), ("client_id", null), .. changes]));

        Assert.Null(forge.Problem(Refresh(), TokenType.Refresh));
        Assert.Equal(TokenError.WrongIssuer, forge.Problem(Refresh(("iss", null)), TokenType.Refresh));
        Assert.Equal(TokenError.MissingIssuedAt, forge.Problem(Refresh(("iat", null)), TokenType.Refresh));
        Assert.Equal(TokenError.WrongAudience, forge.Problem(Refresh(("aud", "\"other\"")), TokenType.Refresh));
    }
}
