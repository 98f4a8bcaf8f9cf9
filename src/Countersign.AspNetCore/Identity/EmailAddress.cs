using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// An e-mail address that can be registered: one plain address that a mail system accepts unquoted, without characters that a person can't see or would
/// mistake for others.
/// </summary>
/// <remarks>
/// <see cref="System.Net.Mail.MailAddress"/> accepts display names, comments, quotes and address literals, so two readers may read one text differently. This
/// class accepts: a dot-string of letters, digits and the signs of RFC 5322 §3.2.3, with letters of every script (RFC 6531 §3.3), but not of two scripts
/// together (<see cref="Scripts"/>); one @; a domain of at least two labels (RFC 5321 §4.1.2), or <c>localhost</c> in Development. The checks run on the NFC
/// form, which is also stored. An internationalised domain has two spellings (RFC 5890 §2.3.2.1): U-labels for people, A-labels for machines. Both are one
/// address here.
/// </remarks>
internal sealed class EmailAddress
{
    /// <summary>RFC 5321 §4.5.3.1.3: a path of 256 octets less its angle brackets. Counted in bytes of UTF-8.</summary>
    public const int MaxBytes = 254;

    private const int MaxLocalBytes = 64;
    private const int MaxLabelLength = 63;
    private const string Signs = "!#$%&'*+-/=?^_`{|}~";
    private const string AsciiPrefix = "xn--";

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    private EmailAddress(string text, string key)
    {
        Text = text;
        Key = key;
    }

    /// <summary>The address for people: as it was sent, in NFC, with U-labels in the domain if it has any. It is the account's e-mail address.</summary>
    public string Text { get; }

    /// <summary>
    /// The address with A-labels in the domain: one text for both spellings. It is the account's user name, so the unique index on user names decides between
    /// two sign-ups at once. The same as <see cref="Text"/> for a domain of ASCII.
    /// </summary>
    public string Key { get; }

    /// <summary>Reads an address that is to be registered.</summary>
    /// <param name="address">Any text.</param>
    /// <param name="takesLocalhost">Whether the domain <c>localhost</c> is accepted.</param>
    /// <param name="email">The address; null if it can't be registered.</param>
    public static bool TryParse(string address, bool takesLocalhost, [NotNullWhen(true)] out EmailAddress? email)
    {
        email = null;
        if (address.Length > MaxBytes || !AccountText.IsReadable(address))
        {
            return false;
        }

        address = address.Normalize();
        var at = address.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at != address.LastIndexOf('@'))
        {
            return false;
        }

        var local = address[..at];
        var domain = address[(at + 1)..];
        if (!IsLocalPart(local) || !IsDomain(domain, takesLocalhost) || !TryMap(domain, out var unicode, out var ascii) || !IsDomain(unicode, takesLocalhost))
        {
            return false;
        }

        email = new EmailAddress($"{local}@{unicode}", $"{local}@{ascii}");
        return Encoding.UTF8.GetByteCount(email.Text) <= MaxBytes && Encoding.UTF8.GetByteCount(email.Key) <= MaxBytes;
    }

    /// <summary>
    /// The names under which the account of a name may be stored: the name itself and, for an address whose domain has other spellings, those too, including
    /// <see cref="KeyOf"/>. Accounts of the app may be stored under any of them.
    /// </summary>
    /// <param name="name">Well-formed text: an address, or any user name.</param>
    public static IReadOnlyList<string> Spellings(string name)
    {
        var at = name.LastIndexOf('@');
        return at > 0 && TryMap(name[(at + 1)..], out var unicode, out var ascii)
            ? [.. new[] { name.Normalize(), $"{name[..at]}@{unicode}", $"{name[..at]}@{ascii}" }.Distinct(StringComparer.OrdinalIgnoreCase)]
            : [name];
    }

    /// <summary>The one spelling that stands for all of <see cref="Spellings"/>.</summary>
    /// <param name="name">Well-formed text: an address, or any user name.</param>
    public static string KeyOf(string name)
    {
        var at = name.LastIndexOf('@');
        return at > 0 && TryMap(name[(at + 1)..], out _, out var ascii) ? $"{name[..at]}@{ascii}" : name;
    }

    /// <summary>Finds both spellings of a domain. A domain of ASCII stays as it is.</summary>
    private static bool TryMap(string domain, out string unicode, out string ascii)
    {
        (unicode, ascii) = (domain, domain);
        if (Ascii.IsValid(domain) && !domain.Contains(AsciiPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        try
        {
            ascii = Idn.GetAscii(domain.Normalize().ToLowerInvariant());
            unicode = Idn.GetUnicode(ascii);

            // An A-label that does not map back to itself is a second name of some domain, or of none (RFC 5891 §5.4).
            return string.Equals(Idn.GetAscii(unicode), ascii, StringComparison.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsLocalPart(string local) =>
        Encoding.UTF8.GetByteCount(local) <= MaxLocalBytes && local.Split('.').All(IsAtom) && Scripts.AreOfOneWriting(local);

    private static bool IsAtom(string atom) =>
        atom.Length > 0
        && atom.EnumerateRunes().All(rune =>
            IsLetterOrDigit(rune) || (rune.IsAscii && Signs.Contains((char)rune.Value, StringComparison.Ordinal)));

    private static bool IsDomain(string domain, bool takesLocalhost)
    {
        var labels = domain.Split('.');
        return labels.All(IsLabel) && (labels.Length > 1 || (takesLocalhost && string.Equals(domain, "localhost", StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-'
        && label[^1] != '-'
        && label.EnumerateRunes().All(rune => rune.Value == '-' || IsLetterOrDigit(rune))
        && Scripts.AreOfOneWriting(label);

    // Marks belong to the letters of many scripts. Compatibility forms (full-width letters) are another spelling of a plain letter; no address has them.
    private static bool IsLetterOrDigit(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune)
            : Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber
            && rune.ToString().IsNormalized(NormalizationForm.FormKC);
}
