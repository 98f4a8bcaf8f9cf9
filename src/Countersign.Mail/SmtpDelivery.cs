using System.Globalization;
using System.Net.Security;
using System.Text.RegularExpressions;
using Countersign.AspNetCore;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Countersign.Mail;

/// <summary>Sends messages to an SMTP server (RFC 5321), each on a connection of its own.</summary>
/// <param name="options">The checked settings.</param>
/// <param name="trust">Decides about the server's certificate in place of the platform; null in every app.</param>
internal sealed partial class SmtpDelivery(CountersignMailOptions options, RemoteCertificateValidationCallback? trust = null) : IMailDelivery
{
    /// <summary>The longest wait for one answer of the server. The whole attempt has its own limit.</summary>
    private const int AnswerLimitMilliseconds = 20_000;

    /// <inheritdoc />
    public async Task<string> DeliverAsync(MimeMessage message, AccountMail mail, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient { Timeout = AnswerLimitMilliseconds, CheckCertificateRevocation = false };
        if (trust is not null)
        {
            client.ServerCertificateValidationCallback = trust;
        }

        try
        {
            await client.ConnectAsync(options.Host!, PortOf(options), SecurityOf(options.Security), cancellationToken).ConfigureAwait(false);
            if (options.UserName is { } userName)
            {
                await client.AuthenticateAsync(userName, options.Password!, cancellationToken).ConfigureAwait(false);
            }

            var answer = await client.SendAsync(message, cancellationToken).ConfigureAwait(false);
            await DisconnectAsync(client, cancellationToken).ConfigureAwait(false);
            return WithoutAddresses(answer);
        }
#pragma warning disable MA0054 // The caught exceptions hold the server's text, with the address in it, and everything here goes into the log.
        catch (SmtpCommandException exception) when (IsFinal(exception))
        {
            throw new MailRejectedException(Describe(exception));
        }
        catch (SmtpCommandException exception)
        {
            throw new IOException(Describe(exception));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new IOException($"{exception.GetType().Name}: {WithoutAddresses(exception.Message)}");
        }
#pragma warning restore MA0054
    }

    /// <summary>The port: that of the settings, or the usual one.</summary>
    internal static int PortOf(CountersignMailOptions options) => options.Port ?? options.Security switch
    {
        MailSecurity.Tls => 465,
        MailSecurity.None => 25,
        _ => 587,
    };

    /// <summary>The mail is with the server, so nothing that happens now makes it unsent.</summary>
    private static async Task DisconnectAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ProtocolException or OperationCanceledException or CommandException)
        {
        }
    }

    private static SecureSocketOptions SecurityOf(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>
    /// Whether the server refuses the receiver or the message for good (RFC 5321 §4.2.1). A refused sender is a fault of the settings: the mails wait until an
    /// operator has mended it.
    /// </summary>
    private static bool IsFinal(SmtpCommandException exception) =>
        (int)exception.StatusCode >= 500 && exception.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted;

    private static string Describe(SmtpCommandException exception) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)exception.StatusCode} {WithoutAddresses(exception.Message)}");

    /// <summary>What the server says goes into the log and the outbox, which must not hold the address.</summary>
    private static string WithoutAddresses(string text) => Address().Replace(text.ReplaceLineEndings(" "), "…");

    [GeneratedRegex(@"\S+@\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
