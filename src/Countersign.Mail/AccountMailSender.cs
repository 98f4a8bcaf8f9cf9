using System.Net.Security;
using Countersign.AspNetCore;
using Countersign.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Countersign.Mail;

/// <summary>Sends the mails of accounts: by SMTP if a host is set, otherwise into a folder where that is right, otherwise not at all.</summary>
internal sealed class AccountMailSender : IAccountMail
{
    /// <summary>What a mail written into a folder is from.</summary>
    private static readonly MailboxAddress Nobody = new("Countersign", "countersign@localhost");

    private readonly IMailDelivery? _delivery;
    private readonly MailComposer? _composer;

    public AccountMailSender(
        IOptions<CountersignMailOptions> options,
        IOptions<CountersignTokenOptions> tokens,
        IHostEnvironment environment,
        IServiceProvider services,
        ILoggerFactory loggers)
    {
        var settings = options.Value;
        (_delivery, Destination) = Choose(settings, tokens.Value.Issuer, environment, services, loggers);
        if (_delivery is not null)
        {
            List<string> faults = [];
            var templates = MailTemplates.Read(settings.Templates, faults);
            if (faults.Count > 0)
            {
                throw new InvalidOperationException(string.Join(' ', faults));
            }

            var product = settings.ProductName
                ?? (Uri.TryCreate(tokens.Value.Issuer, UriKind.Absolute, out var issuer) ? issuer.IdnHost : environment.ApplicationName);
            _composer = new MailComposer(templates, MailComposer.Parse(settings.From) ?? Nobody, MailComposer.Parse(settings.ReplyTo), product);
        }
    }

    /// <summary>Where mails go, in words: the mail server or the folder; null if none are sent.</summary>
    public string? Destination { get; }

    /// <inheritdoc />
    public bool CanSend => _delivery is not null;

    /// <inheritdoc />
    public Task SendAsync(AccountMail mail, CancellationToken cancellationToken) => DeliverAsync(mail, cancellationToken);

    /// <summary>Sends one mail.</summary>
    /// <returns>What the other side has answered.</returns>
    public async Task<string> DeliverAsync(AccountMail mail, CancellationToken cancellationToken)
    {
        if (_delivery is null || _composer is null)
        {
            throw new InvalidOperationException("No mail can be sent: Auth:Mail:Host is not set.");
        }

        using var message = await _composer.ComposeAsync(mail).ConfigureAwait(false);
        return await _delivery.DeliverAsync(message, mail, cancellationToken).ConfigureAwait(false);
    }

    private static (IMailDelivery? Delivery, string? Destination) Choose(
        CountersignMailOptions settings, string? issuer, IHostEnvironment environment, IServiceProvider services, ILoggerFactory loggers)
    {
        if (settings.Host is not null)
        {
            return (new SmtpDelivery(settings, services.GetService<RemoteCertificateValidationCallback>()), $"{settings.Host}:{SmtpDelivery.PortOf(settings)}");
        }

        // An address to listen on says nothing: a proxy may stand before it.
        var isLocal = environment.IsDevelopment()
            || (Uri.TryCreate(issuer, UriKind.Absolute, out var address) && CountersignMailOptions.IsLoopback(address.IdnHost));
        var folder = settings.Folder is { } set ? Path.GetFullPath(set) : isLocal ? FolderOf(services, environment) : null;
        if (folder is null)
        {
            return default;
        }

        return (new FolderDelivery(folder, loggers.CreateLogger<FolderDelivery>()), folder);
    }

    /// <summary>The host's folder, or one of the user that is named after the application. Never one of the app's sources.</summary>
    private static string? FolderOf(IServiceProvider services, IHostEnvironment environment) =>
        services.GetService<MailFolder>()?.Path
        ?? (DevelopmentMasterKey.FindFile(environment.ApplicationName) is { } key ? Path.Combine(Path.GetDirectoryName(key)!, "mail") : null);
}
