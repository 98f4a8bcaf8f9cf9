using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Tests.Stores;

public sealed class ClientTextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \t\r\n", null)]
    [InlineData("\u0000\u001B\u007F\u009B", null)]
    [InlineData("curl/8", "curl/8")]
    [InlineData("  a \r\n\t b  ", "a b")]
    [InlineData("a\u2028b\u2029c", "a b c")]
    [InlineData("\u001B[31mred\u001B[0m", "[31mred[0m")]
    [InlineData("ad\u202Eda\u2066\uFEFF\u200B", "adda")]
    [InlineData("<b>x</b>", "<b>x</b>")]
    [InlineData("\uE000\uFFFE", null)]
    [InlineData("Gerät \U0001F600", "Gerät \U0001F600")]
    [InlineData("12345678\U0001F600\U0001F600", "12345678\U0001F600")]
    [InlineData("123456789\U0001F600", "123456789")]
    [InlineData("123456789 0", "123456789")]
    [InlineData("12345678901", "1234567890")]
    public void Clean_Text_VisibleAndNoLongerThanTen(string? text, string? expected) => Assert.Equal(expected, ClientText.Clean(text, 10));

    [Fact]
    public void Clean_HalvesOfPairs_AreLeftOut()
    {
        // Not as data of an attribute, which can't hold them.
        var halves = new string(['a', '\uD800', 'b', '\uDC00']);

        Assert.Equal("ab", ClientText.Clean(halves, 10));
    }

    [Fact]
    public void Clean_AnyText_IsWellFormedVisibleAndStable()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 0x100 : 0x10000))]);

            var clean = ClientText.Clean(text, 16);

            Assert.Equal(clean, ClientText.Clean(clean, 16));
            Assert.True(clean is null || (clean.Length is > 0 and <= 16 && clean.IsNormalizedText()), $"{text.Length} characters");
        }
    }
}

file static class TextExtensions
{
    /// <summary>Whether text survives UTF-8 and has no control character.</summary>
    public static bool IsNormalizedText(this string text) =>
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)) == text && !text.Any(char.IsControl);
}
