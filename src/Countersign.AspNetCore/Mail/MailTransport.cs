namespace Countersign.AspNetCore.Mail;

/// <summary>What sends the mails: the app's <see cref="IAccountMail"/>, or Identity's <c>IEmailSender</c> of the app, which knows only some of them.</summary>
internal abstract class MailTransport
{
    /// <summary>Whether any mail can be sent.</summary>
    public abstract bool CanSend { get; }

    /// <summary>Whether a kind of mail can be sent.</summary>
    public abstract bool Sends(AccountMailKind kind);

    /// <summary>Sends a mail. For exceptions see <see cref="IAccountMail.SendAsync"/>.</summary>
    public abstract Task SendAsync(AccountMail mail, CancellationToken cancellationToken);
}
