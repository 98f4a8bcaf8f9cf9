using System.Text;
using Countersign.AspNetCore;
using MimeKit;
using MimeKit.Text;

namespace Countersign.Mail;

/// <summary>Makes messages (RFC 5322) with a text and a page.</summary>
internal sealed class MailComposer(MailTemplates templates, MailboxAddress from, MailboxAddress? replyTo, string product)
{
    /// <summary>Makes the message of a mail.</summary>
    /// <exception cref="MailRejectedException">The address can't be written as one mailbox.</exception>
    public async Task<MimeMessage> ComposeAsync(AccountMail mail)
    {
        if (!MailboxAddress.TryParse(Strict, mail.To, out var parsed) || parsed.Name is { Length: > 0 }
            || !string.Equals(parsed.Address, mail.To, StringComparison.Ordinal))
        {
            throw new MailRejectedException("The account's address is not one that a mail can go to.");
        }

        var content = await templates.RenderAsync(mail, product).ConfigureAwait(false);
        var message = new MimeMessage
        {
            Subject = content.Subject,
            Date = mail.At,
            MessageId = $"{mail.Id:N}@{from.Domain}",
            Body = new MultipartAlternative
            {
                new TextPart(TextFormat.Plain) { Text = content.Text },
                new TextPart(TextFormat.Html) { Text = content.Html },
            },
        };
        message.From.Add(from);
        message.To.Add(new MailboxAddress(Encoding.UTF8, null, parsed.Address));
        if (replyTo is not null)
        {
            message.ReplyTo.Add(replyTo);
        }

        // RFC 3834 §5: so that no robot answers it.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Prepare(EncodingConstraint.SevenBit);
        return message;
    }

    /// <summary>Reads one mailbox of a setting.</summary>
    public static MailboxAddress? Parse(string? text) =>
        text is not null
        && !text.AsSpan().ContainsAny('\r', '\n')
        && MailboxAddress.TryParse(Strict, text, out var mailbox)
        && mailbox.Domain is { Length: > 0 }
            ? mailbox
            : null;

    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict, AllowAddressesWithoutDomain = false, AllowUnquotedCommasInAddresses = false,
    };
}
