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
        { "ann@localhost", true },
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
        { "ann@\u212Aexample.com", false },
        { "ann\uD800@example.com", false },
        { new string('a', 65) + "@example.com", false },
        { "a@" + new string('b', 64) + ".com", false },
        { new string('\u00E9', 33) + "@example.com", false },
        { "a@" + string.Join('.', Enumerable.Repeat(new string('b', 50), 5)) + ".com", false },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void IsValid_Address_TakesOnlyWhatMailTakesUnquoted(string address, bool valid) => Assert.Equal(valid, EmailAddress.IsValid(address));
}
