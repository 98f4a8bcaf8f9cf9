namespace Countersign.AspNetCore;

/// <summary>
/// Sends the mails of accounts. The package <c>Countersign.Mail</c> implements it for SMTP. An app registers its own to use the API of a provider.
/// </summary>
/// <remarks>
/// A mail is sent from a queue in the database, never while a request waits. Calls come from several threads, at most a few at once. An exception means that
/// the mail was perhaps not sent: it is sent again after 1, 5 and 30 minutes and then less often, for a day. So a mail can arrive twice. A call that takes
/// longer than 30 seconds is cancelled, and counts as failed. An exception's message is kept for the operator, and is in the log: it must not hold the
/// address or the link.
/// </remarks>
public interface IAccountMail
{
    /// <summary>
    /// Whether mails can be sent at all. Read once, when the routes are mapped: if it is false, because settings are missing, the routes that send mail are
    /// not mapped.
    /// </summary>
    bool CanSend => true;

    /// <summary>Sends one mail.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="MailRejectedException">The mail can never be delivered, such as after SMTP's answer 550. It is dropped.</exception>
    Task SendAsync(AccountMail mail, CancellationToken cancellationToken);
}
