using System.Text;

namespace Countersign.Sessions;

/// <summary>Makes text that a client sent fit for a column of any database.</summary>
internal static class StoredText
{
    /// <summary>
    /// Cuts a text between two characters, and replaces what a database can't hold: PostgreSQL refuses NUL, and no UTF-8 has half a surrogate pair. Rows of many
    /// requests are written together, so one that the database refuses would fail them all.
    /// </summary>
    /// <param name="text">The text; null stays null.</param>
    /// <param name="length">The most UTF-16 units that the column takes.</param>
    public static string? Fit(string? text, int length)
    {
        if (text is null)
        {
            return null;
        }

        var builder = new StringBuilder(Math.Min(text.Length, length));
        foreach (var rune in text.EnumerateRunes())
        {
            // The enumeration itself gives U+FFFD in the place of half a pair.
            var fitting = rune.Value == 0 ? Rune.ReplacementChar : rune;
            if (builder.Length + fitting.Utf16SequenceLength > length)
            {
                break;
            }

            builder.Append(fitting);
        }

        return builder.ToString();
    }
}
