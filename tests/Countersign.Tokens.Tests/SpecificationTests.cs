using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

/// <summary>The rows of the original contract that concern tokens; each test's name begins with its row.</summary>
public sealed class SpecificationTests
{
    [Fact]
    public void S2_CreateAccessToken_DefaultLifetime_HasTheThreeClaims()
    {
        using var forge = Forge.OfSharedSecret();

        var token = forge.TokenIssuer.CreateAccessToken("42");

        var claims = Payload(token.Value);
        Assert.Equal("42", claims.GetProperty("sub").GetString());
        Assert.Equal("access", claims.GetProperty("type").GetString());
        Assert.Equal(Forge.Seconds(TimeSpan.FromMinutes(30)), claims.GetProperty("exp").GetInt64());
        Assert.Equal(Forge.Start.AddMinutes(30), token.ExpiresAt);
        Assert.False(claims.TryGetProperty("aud", out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(899)]
    [InlineData(3600)]
    public void S2_CreateAccessToken_LifetimeAskedFor_IsExact(int seconds)
    {
        using var forge = Forge.OfSharedSecret();
        forge.Time.Advance(TimeSpan.FromMilliseconds(750));

        var token = forge.TokenIssuer.CreateAccessToken("42", TimeSpan.FromSeconds(seconds));

        var claims = Payload(token.Value);
        Assert.Equal(seconds, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public void S2_CreateAccessToken_SettingsLifetime_ComesFromThePolicy()
    {
        using var forge = Forge.OfSharedSecret();
        forge.Policy = forge.Policy.WithLifetimes(accessToken: TimeSpan.FromMinutes(5));

        Assert.Equal(Forge.Start.AddMinutes(5), forge.TokenIssuer.CreateAccessToken("42").ExpiresAt);
    }

    [Fact]
    public void S3_CreateRefreshToken_DefaultLifetime_HasTheThreeClaims()
    {
        using var forge = Forge.OfSharedSecret();

        var token = forge.TokenIssuer.CreateRefreshToken("42");

        var claims = Payload(token.Value);
        Assert.Equal("42", claims.GetProperty("sub").GetString());
        Assert.Equal("refresh", claims.GetProperty("type").GetString());
        Assert.Equal(Forge.Seconds(TimeSpan.FromDays(7)), claims.GetProperty("exp").GetInt64());
        Assert.False(claims.TryGetProperty("sid", out _));
    }

    [Fact]
    public void S3_CreateRefreshToken_SettingsLifetime_ComesFromThePolicy()
    {
        using var forge = Forge.OfSharedSecret();
        forge.Policy = forge.Policy.WithLifetimes(refreshToken: TimeSpan.FromDays(30));

        Assert.Equal(Forge.Start.AddDays(30), forge.TokenIssuer.CreateRefreshToken("42").ExpiresAt);
    }

    [Theory]
    [InlineData("SharedSecret")]
    [InlineData("HS256")]
    [InlineData("ES256")]
    public void S4_Decode_TokenOfEitherType_GivesItsPayload(string kind)
    {
        using var forge = Of(kind);

        var access = forge.Validator.Decode(forge.TokenIssuer.CreateAccessToken("user-1").Value);
        var refresh = forge.Validator.Decode(forge.TokenIssuer.CreateRefreshToken("user-2").Value);

        Assert.Equal(new TokenPayload("user-1", Forge.Start.AddMinutes(30), "access"), access);
        Assert.Equal(new TokenPayload("user-2", Forge.Start.AddDays(7), "refresh"), refresh);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("invalid.token.here")]
    [InlineData("not a token")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.e30")]
    [InlineData("\0.\0.é")]
    public void S4_Decode_NoToken_GivesNull(string? token)
    {
        using var forge = Forge.OfSharedSecret();

        Assert.Null(forge.Validator.Decode(token));
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("sub")]
    [InlineData("type")]
    public void S4_Decode_RequiredClaimMissing_GivesNull(string claim)
    {
        using var forge = Forge.OfSharedSecret();

        Assert.NotNull(forge.Validator.Decode(forge.Token(claims: Forge.SpecificationClaims())));
        Assert.Null(forge.Validator.Decode(forge.Token(claims: Forge.SpecificationClaims((claim, null)))));
    }

    [Fact]
    public void S4_Decode_TokenOfAnotherSecret_GivesNull()
    {
        using var forge = Forge.OfSharedSecret();
        var other = TokenPolicy.SharedSecret("f2c9a1047be83d56e0f1a2b3c4d5968778695a4b3c2d1e0f");

        Assert.Null(forge.Validator.Decode(new TokenIssuer(other, forge.Time).CreateAccessToken("42").Value));
    }

    [Fact]
    public void S11_CreateAndDecode_AccessToken_RoundTrips()
    {
        using var forge = Forge.OfSharedSecret();

        Assert.Equal("42", forge.Validator.Decode(forge.TokenIssuer.CreateAccessToken("42").Value)?.Sub);
    }

    [Fact]
    public void S11_Decode_ExpiredToken_GivesNull()
    {
        using var forge = Forge.OfSharedSecret();
        var token = forge.TokenIssuer.CreateAccessToken("42", TimeSpan.FromSeconds(1)).Value;

        Assert.NotNull(forge.Validator.Decode(token));
        forge.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(forge.Validator.Decode(token));
        Assert.Equal(TokenError.Expired, forge.Problem(token));
    }

    [Fact]
    public void S11_Decode_InvalidToken_GivesNull()
    {
        using var forge = Forge.OfSharedSecret();

        Assert.Null(forge.Validator.Decode("invalid.token.here"));
    }

    private static Forge Of(string kind) => kind == "SharedSecret" ? Forge.OfSharedSecret() : new Forge(SignatureAlgorithm.Find(kind)!);

    private static JsonElement Payload(string token)
    {
        var bytes = new byte[token.Length];
        Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(token.Split('.')[1]), bytes, out _, out var written);
        return JsonElement.Parse(bytes.AsSpan(0, written));
    }
}
