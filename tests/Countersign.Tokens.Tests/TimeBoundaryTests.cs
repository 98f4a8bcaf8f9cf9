using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

/// <summary>The instants at which a rule on time begins to hold, one tick and one second to either side (J-34, J-35, J-37).</summary>
public sealed class TimeBoundaryTests
{
    public static TheoryData<string, string, long, TokenError?> Rows => new()
    {
        // claim, its offset in seconds from the start, the clock's offset in ticks from the claim, the error
        { "exp", "1000", -TimeSpan.TicksPerSecond, null },
        { "exp", "1000", -1, null },
        { "exp", "1000", 0, TokenError.Expired },
        { "exp", "1000", 1, TokenError.Expired },
        { "exp", "1000", TimeSpan.TicksPerSecond, TokenError.Expired },
        { "nbf", "100", (-60 * TimeSpan.TicksPerSecond) - TimeSpan.TicksPerSecond, TokenError.NotYetValid },
        { "nbf", "100", (-60 * TimeSpan.TicksPerSecond) - 1, TokenError.NotYetValid },
        { "nbf", "100", -60 * TimeSpan.TicksPerSecond, null },
        { "nbf", "100", (-60 * TimeSpan.TicksPerSecond) + TimeSpan.TicksPerSecond, null },
        { "iat", "100", (-60 * TimeSpan.TicksPerSecond) - TimeSpan.TicksPerSecond, TokenError.IssuedInFuture },
        { "iat", "100", (-60 * TimeSpan.TicksPerSecond) - 1, TokenError.IssuedInFuture },
        { "iat", "100", -60 * TimeSpan.TicksPerSecond, null },
        { "iat", "100", 0, null },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void TryValidate_AroundABoundary_TurnsAtTheVeryInstant(string claim, string offset, long ticks, TokenError? error)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var seconds = long.Parse(offset, System.Globalization.CultureInfo.InvariantCulture);
        var at = Forge.Start.AddSeconds(seconds);
        var token = forge.Token(claims: Forge.Claims((claim, $"{at.ToUnixTimeSeconds()}")));

        Assert.Equal(error is null, forge.Validator.TryValidate(token, out _, out var found, TokenType.Access, at.AddTicks(ticks)));
        Assert.Equal(error, found);
    }

    /// <summary>A fraction of a second lets no token in before its time or after it, whichever way the number is written.</summary>
    [Theory]
    [InlineData("nbf", "1767225660.0", null)]
    [InlineData("nbf", "17672256600e-1", null)]
    [InlineData("nbf", "1767225660.5", TokenError.NotYetValid)]
    [InlineData("nbf", "17672256601e-1", TokenError.NotYetValid)]
    [InlineData("exp", "1767225600.5", TokenError.Expired)]
    [InlineData("exp", "1767225601.5", null)]
    [InlineData("exp", "17672256010e-1", null)]
    public void TryValidate_FractionOfASecond_GoesToTheStrictSide(string claim, string json, TokenError? error)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);

        // The clock stands at 1767225600, and nbf may be 60 seconds ahead.
        Assert.Equal(error, forge.Problem(forge.Token(claims: Forge.Claims((claim, json)))));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void TryValidate_ClockPassesExpiry_IsRefusedFromThatSecondOn(int secondsAfter, bool expired)
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        var token = forge.TokenIssuer.CreateAccessToken("42");

        forge.Time.SetUtcNow(token.ExpiresAt.AddSeconds(secondsAfter));

        Assert.Equal(expired ? TokenError.Expired : null, forge.Problem(token.Value));
    }

    [Fact]
    public void TryValidate_ClockAtTheEndsOfTime_DoesNotThrow()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var token = forge.Token(claims: Forge.Claims(("nbf", "253402300799")));

        Assert.False(forge.Validator.TryValidate(token, out _, out var late, TokenType.Access, DateTimeOffset.MaxValue));
        Assert.False(forge.Validator.TryValidate(token, out _, out var early, TokenType.Access, DateTimeOffset.MinValue));
        Assert.Equal(TokenError.Expired, late);
        Assert.Equal(TokenError.NotYetValid, early);
    }

    /// <summary>
    /// Of all tokens only a session's refresh token may be issued by a clock ahead: it is held against its row, and refusing it would log its owner out.
    /// </summary>
    [Theory]
    [InlineData("access", false, TokenError.IssuedInFuture)]
    [InlineData("access", true, TokenError.IssuedInFuture)]
    [InlineData("refresh", false, TokenError.IssuedInFuture)]
    [InlineData("refresh", true, null)]
    public void TryValidate_IssuedByAClockAhead_IsRefusedSaveForASessionsRefreshToken(string type, bool ofSession, TokenError? error)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var due = type == "access" ? TokenType.Access : TokenType.Refresh;
        var typ = type == "access" ? "\"at+jwt\"" : "\"rt+jwt\"";
        var aud = type == "access" ? $"\"{Forge.Audience}\"" : null;
        var sid = ofSession ? "\"01890a5d-ac96-774b-bcce-b302099a8057\"" : null;
        var token = forge.Token(
            forge.Header(("typ", typ)),
            Forge.Claims(("type", $"\"{type}\""), ("aud", aud), ("sid", sid), ("iat", $"{Forge.Seconds(TimeSpan.FromSeconds(61))}")));

        Assert.Equal(error, forge.Problem(token, due));
    }

    [Theory]
    [InlineData(3600, null)]
    [InlineData(3601, TokenError.LifetimeTooLong)]
    public void TryValidate_LifetimeWithoutIat_IsCountedFromNow(int lifetime, TokenError? error)
    {
        using var forge = Forge.OfSharedSecret();
        var exp = ("exp", $"{Forge.Seconds(TimeSpan.FromSeconds(lifetime))}");

        Assert.Equal(error, forge.Problem(forge.Token(claims: Forge.SpecificationClaims(exp))));
        Assert.Null(forge.Problem(forge.Token(claims: Forge.SpecificationClaims(exp, ("type", "\"refresh\""))), TokenType.Refresh));
    }

    [Theory]
    [InlineData(3600, null)]
    [InlineData(3601, TokenError.LifetimeTooLong)]
    public void TryValidate_Lifetime_IsBoundedForAccessTokensOnly(int lifetime, TokenError? error)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var exp = ("exp", $"{Forge.Seconds(TimeSpan.FromSeconds(lifetime))}");
        var refresh = forge.Token(forge.Header(("typ", "\"rt+jwt\"")), Forge.Claims(exp, ("type", "\"refresh\""), ("aud", null), ("jti", null)));

        Assert.Equal(error, forge.Problem(forge.Token(claims: Forge.Claims(exp))));
        Assert.Null(forge.Problem(refresh, TokenType.Refresh));
    }
}
