namespace Countersign.Tokens.Jose;

/// <summary>UTF-16 text without lone surrogates. The conversion to UTF-8 replaces lone surrogates by U+FFFD, so different texts would become equal.</summary>
internal static class WellFormedText
{
    public static bool Is(ReadOnlySpan<char> text)
    {
        for (var rest = text; ;)
        {
            var at = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (at < 0)
            {
                return true;
            }

            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
            {
                return false;
            }

            rest = rest[(at + 2)..];
        }
    }

    public static void ThrowIfNot(string text, string parameter)
    {
        if (!Is(text))
        {
            throw new ArgumentException("The text has a lone surrogate.", parameter);
        }
    }
}
