using Countersign.Passwords.Rules;

namespace Countersign.Passwords.Tests.Rules;

public sealed class PasswordRulesTests
{
    private static readonly PasswordRules Rules = new(new PasswordRuleOptions { ContextWords = { "Countersign", "Example Shop" } });

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("zvqjxkwp")]
    [InlineData("        x       ")]
    [InlineData("ÄÖÜäöüßẞ")]
    [InlineData("😀😁😂🤣😃😄😅😆")]
    [InlineData("ann@example.org is me")]
    [InlineData("my countersign is long")]
    public void Check_GoodPassword_IsEmpty(string password) => Assert.Empty(Rules.Check(password, "ann@example.org", "ann"));

    [Theory]
    [InlineData("zvqjxkw", PasswordRule.TooShort, "password_too_short")]
    [InlineData("", PasswordRule.TooShort, "password_too_short")]
    [InlineData("😀😁😂🤣😃😄😅", PasswordRule.TooShort, "password_too_short")]
    [InlineData("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", PasswordRule.TooShort, "password_too_short")]
    [InlineData("password", PasswordRule.Common, "password_common")]
    [InlineData("PassWord", PasswordRule.Common, "password_common")]
    [InlineData("12345678", PasswordRule.Common, "password_common")]
    [InlineData("qwertyuiop", PasswordRule.Common, "password_common")]
    [InlineData("Ann.Miller@Example.org", PasswordRule.ContainsAccount, "password_contains_account")]
    [InlineData("ann.miller", PasswordRule.ContainsAccount, "password_contains_account")]
    [InlineData("ANNMILLERNAME", PasswordRule.ContainsAccount, "password_contains_account")]
    [InlineData("Countersign2026!", PasswordRule.ContextWord, "password_context_word")]
    [InlineData("countersign", PasswordRule.ContextWord, "password_context_word")]
    [InlineData("123EXAMPLE SHOP", PasswordRule.ContextWord, "password_context_word")]
    public void Check_BreaksOneRule_NamesIt(string password, PasswordRule rule, string code)
    {
        var violation = Assert.Single(Rules.Check(password, "ann.miller@example.org", "AnnMillerName"));

        Assert.Equal((rule, code), (violation.Rule, violation.Code));
        Assert.EndsWith(".", violation.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a quiet harbour", "a quiet harbour", true)]
    [InlineData("e\u0301t\u00e9 in the harbour", "\u00e9t\u00e9 in the harbour", true)]
    [InlineData("a quiet harbour", "A quiet harbour", false)]
    [InlineData("a quiet harbour", "a quiet harbour ", false)]
    [InlineData("\ufffe", "\ufffe", false)]
    public void CheckChange_SameTextInNfc_IsUnchanged(string current, string next, bool isUnchanged)
    {
        var violation = PasswordRules.CheckChange(current, next);

        Assert.Equal(isUnchanged ? "Unchanged password_unchanged" : null, violation is null ? null : $"{violation.Rule} {violation.Code}");
    }

    [Theory]
    [InlineData(4096, false)]
    [InlineData(4097, true)]
    [InlineData(1_000_000, true)]
    public void Check_Length_BoundInBytes(int length, bool isTooLong) =>
        Assert.Equal(
            isTooLong ? [PasswordRule.TooLong] : [],
            Rules.Check(string.Concat(Enumerable.Repeat("ab", (length / 2) + 1))[..length]).Select(violation => violation.Rule));

    [Fact]
    public void Check_LengthInUtf8Bytes_IsWhatCounts()
    {
        var rules = new PasswordRules(new PasswordRuleOptions { MaxBytes = 256 });

        Assert.Empty(rules.Check(string.Concat(Enumerable.Repeat("😀", 64))));
        Assert.Equal(PasswordRule.TooLong, Assert.Single(rules.Check(string.Concat(Enumerable.Repeat("😀", 65)))).Rule);
    }

    [Fact]
    public void Check_MinimumLengthRaised_SaysItsNumber()
    {
        var rules = new PasswordRules(new PasswordRuleOptions { MinimumLength = 15 });

        Assert.Equal("Use at least 15 characters.", Assert.Single(rules.Check("zvqjxkwpzvqjxk")).Message);
        Assert.Empty(rules.Check("zvqjxkwpzvqjxkw"));
    }

    [Fact]
    public void Check_SeveralRules_NamesAll() =>
        Assert.Equal([PasswordRule.TooShort, PasswordRule.ContainsAccount], Rules.Check("ann", "ann@example.org").Select(violation => violation.Rule));

    [Fact]
    public void Check_EveryRule_MessageNeverHoldsThePassword() =>
        Assert.All(
            Rules.Check("password", "password@example.org"), violation => Assert.DoesNotContain("password@", violation.ToString(), StringComparison.Ordinal));

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("@", "@")]
    [InlineData("@example.org", " ")]
    public void Check_OddAccountNames_AreNoObstacle(string? email, string? userName) => Assert.Empty(Rules.Check("zvqjxkwp", email, userName));

    [Fact]
    public void Check_LoneSurrogate_NamesThatAlone()
    {
        var violation = Assert.Single(Rules.Check("short\ud800"));

        Assert.Equal((PasswordRule.NotUnicode, "password_not_unicode"), (violation.Rule, violation.Code));
        Assert.Empty(Rules.Check("zvqjxkwp", "\ud800", "\udc00"));
    }

    [Fact]
    public void Check_TextThatThePlatformDoesNotNormalise_IsNotUnicodeAndNeverThrows()
    {
        Assert.Equal(PasswordRule.NotUnicode, Assert.Single(Rules.Check("zvqjxkwp\ufffe")).Rule);
        Assert.Empty(Rules.Check("zvqjxkwp", "\ufffe@example.org", "\ufffe"));
    }

    [Theory]
    [InlineData(7, 4096, "MinimumLength")]
    [InlineData(65, 4096, "MinimumLength")]
    [InlineData(8, 255, "MaxBytes")]
    [InlineData(8, 4097, "MaxBytes")]
    public void Constructor_SettingOutsideItsRange_NamesIt(int minimumLength, int maxBytes, string option) =>
        Assert.Equal(
            option,
            Assert.Throws<ArgumentException>(
                () => new PasswordRules(new PasswordRuleOptions { MinimumLength = minimumLength, MaxBytes = maxBytes })).ParamName);
}
