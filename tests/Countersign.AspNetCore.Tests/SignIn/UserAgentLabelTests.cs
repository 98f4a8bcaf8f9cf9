using Countersign.AspNetCore.SignIn;

namespace Countersign.AspNetCore.Tests.SignIn;

public sealed class UserAgentLabelTests
{
    private const string Blink = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0";

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox on Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", "Firefox on Android")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + Blink + " Safari/537.36", "Chrome on Windows")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " + Blink + " Safari/537.36", "Chrome on ChromeOS")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) " + Blink + " Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + Blink + " Safari/537.36 Edg/141.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " + Blink + " Safari/537.36 OPR/122.0.0.0", "Opera on macOS")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
        "Samsung Internet on Android")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36", "Headless Chrome on Linux")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15", "Safari on macOS")]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        "Safari on iPhone")]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 Mobile/15E148 Safari/604.1",
        "Chrome on iPhone")]
    [InlineData(
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/144.0 Mobile/15E148 Safari/605.1.15",
        "Firefox on iPad")]
    [InlineData("Mozilla/5.0 (PlayStation; PlayStation 5/9.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15", "Safari")]
    [InlineData("Mozilla/5.0 (compatible; Somebot/2.1; +https://bot.example)", "Mozilla/5.0 (compatible; Somebot/2.1; +https://bot.example)")]
    [InlineData("curl/8.14.1", "curl/8.14.1")]
    [InlineData("okhttp/4.12.0 Chrome/1", "okhttp/4.12.0 Chrome/1")]
    [InlineData(null, null)]
    public void Of_UserAgent_NameForPeople(string? userAgent, string? label) => Assert.Equal(label, UserAgentLabel.Of(userAgent));

    [Fact]
    public void Of_BrowserFarBehind_IsNotLookedFor()
    {
        var text = "Mozilla/5.0 (" + new string('x', 8000) + ") Firefox/1";

        Assert.Equal(text, UserAgentLabel.Of(text));
    }
}
