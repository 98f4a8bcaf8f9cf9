using System.Globalization;
using System.Text;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// Which e-mail addresses can be registered: one plain address that a mail system takes unquoted, and nothing that a person can't see.
/// </summary>
/// <remarks>
/// <see cref="System.Net.Mail.MailAddress"/> takes display names, comments, quotes and address literals, and leaves room for two readers of one text.
/// Here: a dot-string of letters, digits and the signs of RFC 5322 §3.2.3, where letters of every script count (RFC 6531 §3.3); one @; a domain of at least two
/// labels (RFC 5321 §4.1.2), or <c>localhost</c>, which developers use and no stranger's mail reaches.
/// </remarks>
internal static class EmailAddress
{
    /// <summary>RFC 5321 §4.5.3.1.3: a path of 256 octets less its angle brackets. Counted in bytes of UTF-8.</summary>
    public const int MaxBytes = 254;

    private const int MaxLocalBytes = 64;
    private const int MaxLabelLength = 63;
    private const string Signs = "!#$%&'*+-/=?^_`{|}~";

    /// <summary>Whether the address can be registered.</summary>
    /// <param name="address">Any text.</param>
    public static bool IsValid(string address)
    {
        if (address.Length > MaxBytes || !AccountText.IsReadable(address) || Encoding.UTF8.GetByteCount(address) > MaxBytes)
        {
            return false;
        }

        var at = address.IndexOf('@', StringComparison.Ordinal);
        return at > 0
            && at == address.LastIndexOf('@')
            && Encoding.UTF8.GetByteCount(address.AsSpan(0, at)) <= MaxLocalBytes
            && address[..at].Split('.').All(IsAtom)
            && IsDomain(address[(at + 1)..]);
    }

    private static bool IsAtom(string atom) =>
        atom.Length > 0 && atom.EnumerateRunes().All(rune => IsLetterOrDigit(rune) || (rune.IsAscii && Signs.Contains((char)rune.Value, StringComparison.Ordinal)));

    private static bool IsDomain(string domain)
    {
        var labels = domain.Split('.');
        return labels.All(IsLabel) && (labels.Length > 1 || string.Equals(domain, "localhost", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-'
        && label[^1] != '-'
        && label.EnumerateRunes().All(rune => rune.Value == '-' || IsLetterOrDigit(rune));

    // Marks belong to the letters of many scripts. Compatibility forms (full-width letters) are another spelling of a plain letter: nobody's address has them.
    private static bool IsLetterOrDigit(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune)
            : Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber
            && rune.ToString().IsNormalized(NormalizationForm.FormKC);
}
