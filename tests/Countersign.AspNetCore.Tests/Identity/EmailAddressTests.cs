using Countersign.AspNetCore.Identity;

namespace Countersign.AspNetCore.Tests.Identity;

public sealed class EmailAddressTests
{
    public static TheoryData<string, bool> Addresses => new()
    {
        { "ann@example.com", true },
        { "ann+list@example.com", true },
        { "a@b.co", true },
        { "o'brien@example.com", true },
        { "jos\u00E9@example.com", true },
        { "jose\u0301@example.com", true },
        { "\u0905\u091C\u092F@\u0921\u093E\u091F\u093E.\u092D\u093E\u0930\u0924", true },
        { "ann@xn--bcher-kva.example", true },
        { "ann@\u212Aexample.com", true },
        { "ann@localhost", false },
        { "\u0438\u0432\u0430\u043D@example.com", true },
        { "\u7530\u4E2D\u305F\u308D\u30A6abc@example.com", true },
        { "\u91D1\uAE40kim@example.com", true },
        { "1.2-\u0438\u0432\u0430\u043D@example.com", true },
        { "ann@xn--ls8h.example", false },
        { "ann@xn--zca\u00DF.example", false },
        { "ann@xn--.example", false },
        { "ann@xn--a.example", false },
        { "a=\u0338b@example.com", false },
        { "a<\u0338b@example.com", false },
        { "a>\u0338b@example.com", false },
        { "\u0430nn@example.com", false },
        { "ann\u03BF@example.com", false },
        { "ann.\u0438\u0432\u0430\u043D@example.com", false },
        { "\u305F\uAE40@example.com", false },
        { "\u0438\u03C0@example.com", false },
        { "a\u13A0@example.com", false },
        { "ann@ex\u0430mple.com", false },
        { "ann@xn--exmple-4nf.com", false },
        { new string('a', 64) + "@example.com", true },
        { "", false },
        { "@", false },
        { "ann", false },
        { "ann@", false },
        { "@example.com", false },
        { "ann@example", false },
        { "ann@b@example.com", false },
        { "ann@@example.com", false },
        { "ann @example.com", false },
        { " ann@example.com", false },
        { "ann@example.com ", false },
        { "ann@example.com\n", false },
        { "ann@example.com\r\nBcc: eve@example.com", false },
        { "ann@example.com\0", false },
        { "ann\t@example.com", false },
        { "ann@example.com,eve@example.com", false },
        { "ann@example.com;eve@example.com", false },
        { "Ann <ann@example.com>", false },
        { "\"ann\"@example.com", false },
        { "ann(comment)@example.com", false },
        { ".ann@example.com", false },
        { "ann.@example.com", false },
        { "an..n@example.com", false },
        { "ann@.example.com", false },
        { "ann@example..com", false },
        { "ann@example.com.", false },
        { "ann@-example.com", false },
        { "ann@example-.com", false },
        { "ann@exa_mple.com", false },
        { "ann@[127.0.0.1]", false },
        { "ann\\@example.com", false },
        { "ann\u202E@example.com", false },
        { "ann\u200B@example.com", false },
        { "ann\u00A0@example.com", false },
        { "\uFF41nn@example.com", false },
        { "ann\uFF20example.com", false },
        { "ann\uD800@example.com", false },
        { new string('a', 65) + "@example.com", false },
        { "a@" + new string('b', 64) + ".com", false },
        { new string('\u00E9', 33) + "@example.com", false },
        { "a@" + string.Join('.', Enumerable.Repeat(new string('b', 50), 5)) + ".com", false },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void TryParse_Address_TakesOnlyWhatMailTakesUnquoted(string address, bool valid) =>
        Assert.Equal(valid, EmailAddress.TryParse(address, takesLocalhost: false, out _));

    [Fact]
    public void TryParse_Localhost_OnlyWhereItIsAskedFor()
    {
        Assert.True(EmailAddress.TryParse("ann@localhost", takesLocalhost: true, out _));
        Assert.False(EmailAddress.TryParse("ann@LocalHost", takesLocalhost: false, out _));
    }

    /// <summary>What is sent, what people see of it, and the key of the account.</summary>
    [Theory]
    [InlineData("Ann@Example.com", "Ann@Example.com", "Ann@Example.com")]
    [InlineData("jose\u0301@example.com", "jos\u00E9@example.com", "jos\u00E9@example.com")]
    [InlineData("ada@b\u00FCcher.example", "ada@b\u00FCcher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@bu\u0308cher.example", "ada@b\u00FCcher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@B\u00DCCHER.Example", "ada@b\u00FCcher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@XN--BCHER-KVA.example", "ada@b\u00FCcher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@stra\u00DFe.example", "ada@stra\u00DFe.example", "ada@xn--strae-oqa.example")]
    public void TryParse_EverySpelling_IsOneAddress(string address, string text, string key)
    {
        Assert.True(EmailAddress.TryParse(address, takesLocalhost: false, out var email));

        Assert.Equal((text, key), (email.Text, email.Key));
        Assert.True(EmailAddress.TryParse(email.Text, takesLocalhost: false, out var again));
        Assert.Equal((text, key), (again.Text, again.Key));
        Assert.True(EmailAddress.TryParse(email.Key, takesLocalhost: false, out again));
        Assert.Equal((text, key), (again.Text, again.Key));
    }

    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("@", "@")]
    [InlineData("ann@", "ann@")]
    [InlineData("ann@xn--.example", "ann@xn--.example")]
    [InlineData("a@b\u00FCcher.example", "a@b\u00FCcher.example a@xn--bcher-kva.example")]
    [InlineData("a@xn--bcher-kva.example", "a@xn--bcher-kva.example a@b\u00FCcher.example")]
    public void Spellings_Name_AreThoseUnderWhichAnAccountMayBeKept(string name, string spellings) =>
        Assert.Equal(spellings, string.Join(' ', EmailAddress.Spellings(name)));
}
