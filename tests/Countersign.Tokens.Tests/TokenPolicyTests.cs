using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

public sealed class TokenPolicyTests
{
    private static readonly TokenPolicy Policy = TokenPolicy.Strict(new KeyRing(KeySet.Empty), Forge.Issuer, Forge.Audience);

    [Fact]
    public void Strict_Defaults_AreTheDocumentedOnes()
    {
        Assert.False(Policy.IsSharedSecret);
        Assert.Equal("countersign", Policy.ClientId);
        Assert.Equal(8192, Policy.MaxTokenBytes);
        Assert.Equal(TimeSpan.FromMinutes(30), Policy.AccessTokenLifetime);
        Assert.Equal(TimeSpan.FromDays(7), Policy.RefreshTokenLifetime);
        Assert.Equal(TimeSpan.FromMinutes(60), Policy.MaxAccessLifetime);
        Assert.Equal(TimeSpan.FromSeconds(60), Policy.ClockSkew);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Strict_IssuerOrAudienceMissing_Throws(string? text)
    {
        Assert.ThrowsAny<ArgumentException>(() => TokenPolicy.Strict(new KeyRing(KeySet.Empty), text!, Forge.Audience));
        Assert.ThrowsAny<ArgumentException>(() => TokenPolicy.Strict(new KeyRing(KeySet.Empty), Forge.Issuer, text!));
        Assert.ThrowsAny<ArgumentException>(() => Policy.WithIssuer(text));
        Assert.ThrowsAny<ArgumentException>(() => Policy.WithAudience(text));
        Assert.ThrowsAny<ArgumentException>(() => Policy.WithClientId(text!));
    }

    [Fact]
    public void WithIssuer_LoneSurrogate_Throws() => Assert.Throws<ArgumentException>(() => Policy.WithIssuer("https://\udc00"));

    [Fact]
    public void With_AnyChange_LeavesTheOriginal()
    {
        var changed = Policy.WithIssuer("i").WithAudience("a").WithClientId("c").WithMaxTokenBytes(1024).WithClockSkew(TimeSpan.Zero)
            .WithLifetimes(TimeSpan.FromHours(2), TimeSpan.FromDays(1), TimeSpan.FromHours(3)).WithKeys(new KeyRing(KeySet.Empty));

        Assert.Equal(("i", "a", "c", 1024, TimeSpan.Zero), (changed.Issuer, changed.Audience, changed.ClientId, changed.MaxTokenBytes, changed.ClockSkew));
        Assert.Equal((2, 24, 3), (changed.AccessTokenLifetime.TotalHours, changed.RefreshTokenLifetime.TotalHours, changed.MaxAccessLifetime.TotalHours));
        Assert.NotSame(Policy.Keys, changed.Keys);
        Strict_Defaults_AreTheDocumentedOnes();
    }

    [Fact]
    public void WithLifetimes_AccessAboveTheLongest_NamesBoth()
    {
        var fault = Assert.Throws<ArgumentException>(() => Policy.WithLifetimes(accessToken: TimeSpan.FromMinutes(61)));

        Assert.Contains(nameof(TokenPolicy.AccessTokenLifetime), fault.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(TokenPolicy.MaxAccessLifetime), fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Policy.WithLifetimes(maxAccess: TimeSpan.FromMinutes(29)));
    }

    [Fact]
    public void With_OutsideItsRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.WithLifetimes(accessToken: TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.WithLifetimes(refreshToken: TimeSpan.FromDays(367)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.WithLifetimes(maxAccess: TimeSpan.FromHours(25)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.WithMaxTokenBytes(1023));
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.WithMaxTokenBytes(16385));
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.WithClockSkew(TimeSpan.FromSeconds(61)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.WithClockSkew(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void ToCode_EveryError_HasItsOwnCode()
    {
        var codes = Enum.GetValues<TokenError>().Select(error => error.ToCode()).ToList();

        Assert.Equal(codes.Count, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.All(codes, code => Assert.Matches("^[a-z0-9_]+$", code));
        Assert.False(Enum.IsDefined(default(TokenError)));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(TokenError).ToCode());
    }
}
