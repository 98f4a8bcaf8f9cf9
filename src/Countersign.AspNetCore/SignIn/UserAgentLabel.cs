namespace Countersign.AspNetCore.SignIn;

/// <summary>
/// A name for a person to know a session by, such as <c>Firefox on Windows</c>, from what browsers put into <c>User-Agent</c> (RFC 9110 §10.1.5). What is no
/// browser, or none of those that most people have, is named by the header's own text: it is a hint for people, and nothing is decided by it.
/// </summary>
internal static class UserAgentLabel
{
    /// <summary>Every browser since the first begins like this, and little else does.</summary>
    private const string OfBrowsers = "Mozilla/5.0 (";

    /// <summary>
    /// Product tokens, the more particular first: Edge and Opera call themselves Chrome too, Chrome calls itself Safari, and on iOS each has a token of its
    /// own.
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

    /// <summary>Systems, the more particular first: Android calls itself Linux too, and iOS is like Mac OS X.</summary>
    private static readonly (string Token, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Macintosh", "macOS"), ("Linux", "Linux"),
    ];

    /// <summary>Longer ones are cut before they are looked through: no browser's is as long.</summary>
    private const int MostLooked = 512;

    /// <summary>Makes the name.</summary>
    /// <param name="userAgent">The header; null if none was sent.</param>
    /// <returns>Null where there is nothing to make one of. The text is the client's own where it is no browser: whoever keeps it, cleans it.</returns>
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
