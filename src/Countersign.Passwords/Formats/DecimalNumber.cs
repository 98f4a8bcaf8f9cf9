namespace Countersign.Passwords.Formats;

/// <summary>Reads the numbers in stored hashes: ASCII digits only, no sign, no white space, no leading zero.</summary>
internal static class DecimalNumber
{
    /// <summary>False unless the text is a number from 1 to 999,999,999 in its only spelling.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        if (text.Length is < 1 or > 9 || text[0] == '0')
        {
            return false;
        }

        foreach (char character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }

            value = (value * 10) + (character - '0');
        }

        return true;
    }
}
