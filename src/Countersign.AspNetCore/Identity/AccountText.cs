using System.Globalization;
using System.Text;

namespace Countersign.AspNetCore.Identity;

/// <summary>Checks text before it reaches a user store.</summary>
internal static class AccountText
{
    /// <summary>Longer than any name in Identity's tables (256 characters), so no name that could be found is left out.</summary>
    public const int MaxLookupLength = 512;

    /// <summary>The longest display name, in UTF-16 units: enough for any name, and short enough for a screen.</summary>
    public const int MaxDisplayNameLength = 128;

    /// <summary>
    /// Whether a store can look the text up. Normalising throws on a lone surrogate, and PostgreSQL throws on a NUL. No account can have such a name.
    /// </summary>
    public static bool CanBeLookedUp(string text) => text.Length is > 0 and <= MaxLookupLength && IsReadable(text);

    /// <summary>Whether the text is Unicode without control characters, line breaks and direction marks, which make text look like another.</summary>
    public static bool IsReadable(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done || IsUnreadable(rune))
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <summary>Whether the text can be a display name.</summary>
    public static bool IsDisplayName(string text) => text.Length <= MaxDisplayNameLength && !string.IsNullOrWhiteSpace(text) && IsReadable(text);

    // The joiners (U+200C, U+200D) are part of the spelling in Persian, Indic scripts and emoji. Every other format character is invisible.
    private static bool IsUnreadable(Rune rune) => rune.Value is not (0x200C or 0x200D)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
}
