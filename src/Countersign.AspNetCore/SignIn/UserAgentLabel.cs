namespace Countersign.AspNetCore.SignIn;

/// <summary>
/// Makes a name by which a person recognises a session, such as <c>Firefox on Windows</c>, from the header <c>User-Agent</c> (RFC 9110 §10.1.5). Other
/// programs and rare browsers are named by the header's own text. The name is a hint for people, and no decision depends on it.
/// </summary>
internal static class UserAgentLabel
{
    /// <summary>The beginning of every browser's header since the first, and of few others.</summary>
    private const string OfBrowsers = "Mozilla/5.0 (";

    /// <summary>
    /// Product tokens, the more specific first: Edge and Opera also send Chrome's token, Chrome sends Safari's, and on iOS each has a different token.
    /// </summary>
    private static readonly (string Token, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"),
        ("OPR/", "Opera"), ("OPT/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex Browser"), ("DuckDuckGo/", "DuckDuckGo"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("HeadlessChrome/", "Headless Chrome"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    /// <summary>Systems, the more specific first: Android's header also names Linux, and that of iOS names Mac OS X.</summary>
    private static readonly (string Token, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ];

    /// <summary>Longer headers are cut before they are searched. No browser's header is as long.</summary>
    private const int MostLooked = 512;

    /// <summary>Makes the name.</summary>
    /// <param name="userAgent">The header; null if none was sent.</param>
    /// <returns>Null if the header is missing or empty. For another program the text is the client's own, so code that stores it must clean it.</returns>
    public static string? Of(string? userAgent)
    {
        if (userAgent is null || !userAgent.StartsWith(OfBrowsers, StringComparison.Ordinal))
        {
            return userAgent;
        }

        var text = userAgent.AsSpan(0, Math.Min(userAgent.Length, MostLooked));
        var browser = Find(Browsers, text);
        var system = Find(Systems, text);
        return browser is null ? userAgent : system is null ? browser : $"{browser} on {system}";
    }

    private static string? Find((string Token, string Name)[] table, ReadOnlySpan<char> text)
    {
        foreach (var (token, name) in table)
        {
            if (text.Contains(token, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return null;
    }
}
