using MimeKit;

namespace Countersign.Mail;

/// <summary>Hands messages over.</summary>
internal interface IMailDelivery
{
    /// <summary>Hands a message over. For exceptions see <see cref="AspNetCore.IAccountMail.SendAsync"/>.</summary>
    /// <returns>What the other side has answered.</returns>
    Task<string> DeliverAsync(MimeMessage message, AspNetCore.AccountMail mail, CancellationToken cancellationToken);
}
