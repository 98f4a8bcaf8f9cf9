using System.Globalization;
using System.Text;

namespace Countersign.Sessions.Stores;

/// <summary>Cleans text that a client sent about itself, so that it can be stored, listed and printed without side effects.</summary>
internal static class ClientText
{
    /// <summary>
    /// Removes everything that is not visible text: control and format characters (which change a line's direction or move a terminal's cursor), line
    /// separators, and halves of surrogate pairs, which a database refuses. White space becomes one space.
    /// </summary>
    /// <param name="text">The text that was sent.</param>
    /// <param name="length">The largest number of UTF-16 characters to keep. A surrogate pair is not cut in two.</param>
    /// <returns>Null if nothing is left.</returns>
    public static string? Clean(string? text, int length)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // Reads at most twice as much as can be kept, because a header can be long.
        var source = text.AsSpan(0, Math.Min(text.Length, 2 * length));
        var kept = new StringBuilder(Math.Min(source.Length, length));
        var isSpaceDue = false;
        while (!source.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(source, out var rune, out var read);
            source = source[read..];
            if (Rune.IsWhiteSpace(rune))
            {
                isSpaceDue = kept.Length > 0;
                continue;
            }

            if (status != System.Buffers.OperationStatus.Done || !IsVisible(rune))
            {
                continue;
            }

            if (kept.Length + rune.Utf16SequenceLength + (isSpaceDue ? 1 : 0) > length)
            {
                break;
            }

            kept.Append(isSpaceDue ? " " : string.Empty).Append(rune.ToString());
            isSpaceDue = false;
        }

        return kept.Length == 0 ? null : kept.ToString();
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
