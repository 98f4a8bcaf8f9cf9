using System.Globalization;
using System.Text;

namespace Countersign.AspNetCore.Identity;

/// <summary>Which text may reach a user store.</summary>
internal static class AccountText
{
    /// <summary>Longer than any name that Identity's tables hold (256 characters), so nothing that it could find is left out.</summary>
    public const int MaxLookupLength = 512;

    /// <summary>The longest display name, in UTF-16 units: room for any name, and for any screen that shows it.</summary>
    public const int MaxDisplayNameLength = 128;

    /// <summary>
    /// Whether a store can be asked for it: normalising throws on a lone surrogate, and PostgreSQL on a NUL. What can't be asked for names nobody.
    /// </summary>
    public static bool CanBeLookedUp(string text) => text.Length is > 0 and <= MaxLookupLength && IsReadable(text);

    /// <summary>Whether it is Unicode without control characters, line breaks and marks of direction, which make text look like another.</summary>
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

    /// <summary>Whether a person may call themselves so.</summary>
    public static bool IsDisplayName(string text) => text.Length <= MaxDisplayNameLength && !string.IsNullOrWhiteSpace(text) && IsReadable(text);

    // The joiners (U+200C, U+200D) are spelling in Persian, Indic scripts and emoji; every other format character hides.
    private static bool IsUnreadable(Rune rune) => rune.Value is not (0x200C or 0x200D)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
}
