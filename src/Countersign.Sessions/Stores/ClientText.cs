using System.Globalization;
using System.Text;

namespace Countersign.Sessions.Stores;

/// <summary>
/// Text that a client sent about itself, made fit to be kept, listed and printed: it says who somebody claims to be, and must not do anything else.
/// </summary>
internal static class ClientText
{
    /// <summary>
    /// Leaves out what is no visible text: control and format characters (which turn a line's direction or move a terminal's cursor), separators of lines, and
    /// halves of surrogate pairs, which a database refuses. White space becomes one space.
    /// </summary>
    /// <param name="text">What was sent.</param>
    /// <param name="length">At most so many UTF-16 characters; no pair is cut in two.</param>
    /// <returns>Null if nothing is left.</returns>
    public static string? Clean(string? text, int length)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // No more is looked at than could be kept if half of it is left out: a header can be long.
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
