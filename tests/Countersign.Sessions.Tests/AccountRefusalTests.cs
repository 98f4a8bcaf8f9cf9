namespace Countersign.Sessions.Tests;

public sealed class AccountRefusalTests
{
    [Theory]
    [InlineData("trial_over", "Your trial has ended")]
    [InlineData("a", "É")]
    [InlineData("v2_closed", "x")]
    public void Constructor_CodeAndDetailAreFit_KeepsThem(string code, string detail)
    {
        var refusal = new AccountRefusal(code, detail);

        Assert.Equal((code, detail), (refusal.Code, refusal.Detail));
    }

    [Theory]
    [InlineData("")]
    [InlineData("TrialOver")]
    [InlineData("trial-over")]
    [InlineData("_trial")]
    [InlineData("trial_")]
    [InlineData("trial__over")]
    [InlineData("2trials")]
    [InlineData("trial_over\n")]
    [InlineData("tr\u0131al")]
    [InlineData("a2345678901234567890123456789012345678901234567890123456789012345")]
    public void Constructor_CodeIsNotSnakeCase_IsRefused(string code) =>
        Assert.Equal("code", Assert.Throws<ArgumentException>(() => new AccountRefusal(code, "x")).ParamName);

    /// <summary>A client would take it for Countersign's own reason, and do what its page says.</summary>
    [Theory]
    [InlineData("token_expired")]
    [InlineData("invalid_credentials")]
    [InlineData("mfa_required")]
    [InlineData("sign_in_refused")]
    public void Constructor_CodeIsOneOfOurs_IsRefused(string code) =>
        Assert.Contains("reason code of Countersign", Assert.Throws<ArgumentException>(() => new AccountRefusal(code, "x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("two\nlines")]
    [InlineData("a\u0000b")]
    public void Constructor_DetailIsNoSentence_IsRefused(string detail) =>
        Assert.Equal("detail", Assert.Throws<ArgumentException>(() => new AccountRefusal("trial_over", detail)).ParamName);

    [Fact]
    public void Constructor_DetailIsTooLong_IsRefused()
    {
        Assert.Equal(200, new AccountRefusal("trial_over", new string('x', 200)).Detail.Length);
        Assert.Throws<ArgumentException>(() => new AccountRefusal("trial_over", new string('x', 201)));
    }
}
