using System.Globalization;
using System.Text;
using Countersign.AspNetCore;

namespace Countersign.Mail;

/// <summary>The variables of templates. All are texts, except the numbers; what a mail does not have is the empty text.</summary>
internal static class MailVariables
{
    /// <summary>The variables of a mail.</summary>
    public static IEnumerable<(string Name, object Value)> Of(AccountMail mail, string product)
    {
        var lifetime = mail.LinkLifetime ?? TimeSpan.Zero;
        yield return ("product", Line(product));
        yield return ("display_name", Line(mail.DisplayName));
        yield return ("to", Line(mail.To));
        yield return ("link", mail.Link?.AbsoluteUri ?? string.Empty);
        yield return ("lifetime", InWords(lifetime));
        yield return ("lifetime_minutes", (int)lifetime.TotalMinutes);
        yield return ("lifetime_hours", (int)lifetime.TotalHours);
        yield return ("lifetime_days", (int)lifetime.TotalDays);
        yield return ("at", mail.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        yield return ("network", Line(mail.Network));
        yield return ("device", Line(mail.Device));
        yield return ("language", mail.Culture.Name.Length == 0 ? "en" : mail.Culture.Name);
    }

    /// <summary>A mail with everything, and one with as little as a mail can have.</summary>
    public static IEnumerable<AccountMail> Samples(AccountMailKind kind, CultureInfo culture)
    {
        yield return Sample(kind, culture, "Ada", "Firefox on Windows", "192.0.2.1");
        yield return Sample(kind, culture, null, null, null);
    }

    private static AccountMail Sample(AccountMailKind kind, CultureInfo culture, string? name, string? device, string? network)
    {
        var hasLink = kind is AccountMailKind.ConfirmEmail or AccountMailKind.ResetPassword;
        return new AccountMail
        {
            Id = Guid.Empty,
            Kind = kind,
            To = "ada@example.com",
            At = DateTimeOffset.UnixEpoch,
            Culture = culture,
            DisplayName = name,
            Device = device,
            Network = network,
            Link = hasLink ? new Uri("https://example.com/page#token=example") : null,
            LinkLifetime = hasLink ? TimeSpan.FromMinutes(30) : null,
        };
    }

    private static string InWords(TimeSpan lifetime) => lifetime switch
    {
        { TotalMinutes: < 1 } => string.Empty,
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)lifetime.TotalDays} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)lifetime.TotalHours} hours"),
        { TotalHours: >= 1 } => "1 hour",
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)lifetime.TotalMinutes} minutes"),
    };

    /// <summary>
    /// One line of visible text. A name or a device comes from a user or a client: line ends would make lines of the mail, and marks of direction (UAX #9)
    /// would turn the text around them.
    /// </summary>
    private static string Line(string? text)
    {
        if (text is null)
        {
            return string.Empty;
        }

        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            line.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate ? " " : rune.ToString());
        }

        return line.ToString().Trim();
    }
}
