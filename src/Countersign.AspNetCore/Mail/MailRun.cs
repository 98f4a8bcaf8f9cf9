using System.Globalization;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Mail;

/// <summary>One attempt to send a mail.</summary>
internal sealed class MailRun(
    IOutboxStore outbox,
    IMailAccounts accounts,
    MailTokens tokens,
    MailTransport transport,
    MailLinks links,
    SessionClock clock,
    ILogger<MailRun> logger)
{
    /// <summary>The longest attempt. It is shorter than the first pause, so that no attempt begins while another one runs.</summary>
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long a mail is tried.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>The pauses after a failed attempt, counted from its beginning. The last one is repeated.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    /// <summary>The least time between two mails of one kind to one account. A later one waits.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>How many mails of one kind an account gets in <see cref="Window"/>. Later ones are dropped.</summary>
    private const int MostInWindow = 5;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Begins an attempt. Of several nodes that see the mail, one may make it.</summary>
    /// <returns>The attempt; null if another node makes it.</returns>
    public async Task<MailAttempt?> ClaimAsync(QueuedMail mail, CancellationToken cancellationToken)
    {
        var next = clock.Now + Pauses[Math.Min(mail.Attempts, Pauses.Length - 1)];
        return await outbox.ClaimAsync(mail, next, cancellationToken).ConfigureAwait(false) ? new MailAttempt(mail, next) : null;
    }

    /// <summary>Makes an attempt.</summary>
    public async Task RunAsync(MailAttempt attempt, CancellationToken cancellationToken)
    {
        var mail = attempt.Mail;
        if (await FindRecipientAsync(mail, cancellationToken).ConfigureAwait(false) is not var (kind, account))
        {
            await outbox.CloseAsync(mail.Id, MailOutcome.Dropped, account: null, clock.Now, error: null, cancellationToken).ConfigureAwait(false);
            return;
        }

        var name = MailKinds.NameOf(kind);
        // Nobody has shown yet that the owner of an unconfirmed address wants mail: whoever has the account could send notices to a stranger.
        if (mail.SealedToken is null && (MailKinds.IsLimited(kind) || !account.IsEmailConfirmed)
            && await FindLimitAsync(mail, account.UserId, name, clock.Now, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        string? token = null;
        if (MailKinds.LifetimeOf(kind) is { } lifetime
            && (token = await tokens.TakeAsync(mail, kind, account, lifetime, cancellationToken).ConfigureAwait(false)) is null)
        {
            await outbox.CloseAsync(mail.Id, MailOutcome.Dropped, (account.UserId, name), clock.Now, "superseded", cancellationToken).ConfigureAwait(false);
            return;
        }

        await SendAsync(attempt, kind, account, token, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Which mail it becomes, and who gets it.</summary>
    /// <returns>Null if nobody does.</returns>
    private async Task<(AccountMailKind Kind, MailAccount Account)?> FindRecipientAsync(QueuedMail mail, CancellationToken cancellationToken)
    {
        var account = mail.UserId is { } userId
            ? await accounts.FindByIdAsync(userId, cancellationToken).ConfigureAwait(false)
            : await accounts.FindByAddressAsync(mail.Address!, cancellationToken).ConfigureAwait(false);
        if (account is not { IsActive: true })
        {
            return null;
        }

        AccountMailKind? kind = string.Equals(mail.Kind, MailKinds.SignUp, StringComparison.Ordinal)
            ? account.IsEmailConfirmed ? AccountMailKind.AccountExists : AccountMailKind.ConfirmEmail
            : MailKinds.Find(mail.Kind);

        // A confirmed address is not confirmed again.
        return kind is { } known && transport.Sends(known) && !(known is AccountMailKind.ConfirmEmail && account.IsEmailConfirmed) ? (known, account) : null;
    }

    /// <summary>Holds a mail to the limits of its account.</summary>
    /// <returns>Whether it waits now, or was dropped.</returns>
    private async Task<bool> FindLimitAsync(QueuedMail mail, string userId, string kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sent = await outbox.FindSentAsync(userId, kind, now - Window, cancellationToken).ConfigureAwait(false);
        if (sent.Count >= MostInWindow)
        {
            MailLog.Limited(logger, userId, kind);
            await outbox.CloseAsync(mail.Id, MailOutcome.Dropped, (userId, kind), now, "limit", cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (sent.Count > 0 && sent[0] + Interval > now)
        {
            await outbox.PostponeAsync(mail.Id, sent[0] + Interval, cancellationToken).ConfigureAwait(false);
            return true;
        }

        return false;
    }

    private AccountMail Compose(QueuedMail mail, AccountMailKind kind, MailAccount account, string? token) => new()
    {
        Id = mail.Id,
        Kind = kind,
        To = account.Email,
        UserId = account.UserId,
        DisplayName = account.DisplayName,
        Culture = mail.Culture is { } culture ? CultureInfo.GetCultureInfo(culture) : CultureInfo.InvariantCulture,
        Link = token is null ? null : links.Make(kind, token),
        LinkLifetime = token is null ? null : MailKinds.LifetimeOf(kind),
        At = mail.CreatedAt,
        Network = mail.Network,
        Device = mail.Device,
    };

    private async Task SendAsync(
        MailAttempt attempt, AccountMailKind kind, MailAccount account, string? token, CancellationToken cancellationToken)
    {
        var (mail, next) = attempt;
        var counted = (account.UserId, Kind: MailKinds.NameOf(kind));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(AttemptLimit);
            await transport.SendAsync(Compose(mail, kind, account, token), limit.Token).WaitAsync(AttemptLimit, cancellationToken).ConfigureAwait(false);
        }
        catch (MailRejectedException exception)
        {
            MailMetrics.Attempted(counted.Kind, "rejected");
            MailLog.Rejected(logger, mail.Id, counted.Kind, exception.Message);
            await outbox.CloseAsync(mail.Id, MailOutcome.Rejected, counted, clock.Now, exception.Message, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (next - mail.CreatedAt > Patience)
            {
                MailMetrics.Attempted(counted.Kind, "expired");
                MailLog.Expired(logger, exception, mail.Id, counted.Kind);
                await outbox.CloseAsync(mail.Id, MailOutcome.Expired, counted, clock.Now, exception.GetType().Name, cancellationToken)
                    .ConfigureAwait(false);
                return;
            }

            MailMetrics.Attempted(counted.Kind, "failed");
            MailLog.Failed(logger, exception, mail.Id, counted.Kind, next);
            await outbox.FailAsync(mail.Id, exception.Message, cancellationToken).ConfigureAwait(false);
            return;
        }

        MailMetrics.Attempted(counted.Kind, "sent");

        // The mail is out. If this is not written, it is sent again.
        await outbox.CloseAsync(mail.Id, MailOutcome.Sent, counted, clock.Now, error: null, CancellationToken.None).ConfigureAwait(false);
    }
}

/// <summary>An attempt that one node has begun.</summary>
/// <param name="Mail">The mail, as it was before.</param>
/// <param name="Next">When the next attempt is due, if this one fails.</param>
internal sealed record MailAttempt(QueuedMail Mail, DateTimeOffset Next);
