using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.UI.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Mail;

/// <summary>Finds what sends the mails of the app's accounts.</summary>
internal sealed class MailTransport<TUser> : MailTransport
    where TUser : class
{
    /// <summary>The class that Identity registers. Its name, because it is internal.</summary>
    private const string IdentitysOwn = "DefaultMessageEmailSender";

    private readonly IServiceScopeFactory _scopes;
    private readonly bool _hasOwn;
    private readonly bool _hasIdentitys;

    /// <param name="scopes">Where the senders are found.</param>
    /// <param name="links">
    /// The pages of the links. Identity's sender is the app's for its own pages too: it carries Countersign's mails only if the app has named pages for them.
    /// Otherwise an app that adds Countersign would have to set something that it had no need of before.
    /// </param>
    public MailTransport(IServiceScopeFactory scopes, MailLinks links)
    {
        _scopes = scopes;
        using var scope = scopes.CreateScope();
        _hasOwn = scope.ServiceProvider.GetService<IAccountMail>() is { CanSend: true };
        _hasIdentitys = !_hasOwn
            && links.HasPage(AccountMailKind.ConfirmEmail)
            && links.HasPage(AccountMailKind.ResetPassword)
            && scope.ServiceProvider.GetService<IEmailSender<TUser>>() is { } sender && !IsEmpty(sender, scope.ServiceProvider);
    }

    /// <inheritdoc />
    public override bool CanSend => _hasOwn || _hasIdentitys;

    /// <inheritdoc />
    public override bool Sends(AccountMailKind kind) =>
        _hasOwn || (_hasIdentitys && kind is AccountMailKind.ConfirmEmail or AccountMailKind.ResetPassword);

    /// <inheritdoc />
    public override async Task SendAsync(AccountMail mail, CancellationToken cancellationToken)
    {
        var scope = _scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        if (_hasOwn)
        {
            await scope.ServiceProvider.GetRequiredService<IAccountMail>().SendAsync(mail, cancellationToken).ConfigureAwait(false);
            return;
        }

        var user = await scope.ServiceProvider.GetRequiredService<UserManager<TUser>>().FindByIdAsync(mail.UserId!).ConfigureAwait(false)
            ?? throw new MailRejectedException("The account was deleted.");
        var sender = scope.ServiceProvider.GetRequiredService<IEmailSender<TUser>>();

        // Identity's own callers encode the link for HTML, and its senders put it into a page as it is.
        var link = HtmlEncoder.Default.Encode(mail.Link!.AbsoluteUri);
        var sending = mail.Kind is AccountMailKind.ConfirmEmail
            ? sender.SendConfirmationLinkAsync(user, mail.To, link)
            : sender.SendPasswordResetLinkAsync(user, mail.To, link);
        await sending.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Identity's own class passes mails to the app's plain sender. Without one, that is a class that sends nothing.</summary>
    private static bool IsEmpty(IEmailSender<TUser> sender, IServiceProvider services) =>
        sender.GetType().Name.StartsWith(IdentitysOwn, StringComparison.Ordinal) && services.GetService<IEmailSender>() is null or NoOpEmailSender;
}
