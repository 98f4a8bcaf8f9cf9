using Countersign.AspNetCore.Mail;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// Tells the sessions, and the owner by mail, that an account or a role has changed: when it is saved, or, in a transaction of the app, after the commit.
/// What is saved must be told even if the request is cancelled meanwhile, so nothing here can be cancelled.
/// </summary>
/// <param name="services">The services of the request.</param>
/// <param name="store">The app's user store or role store.</param>
/// <param name="logger">The manager's log.</param>
internal sealed class AccountAnnouncements(IServiceProvider services, object store, ILogger logger)
{
    private readonly IAppTransactions? _transactions = services.GetService<IAppTransactions>();

    /// <summary>Found before anything waits for a commit: by then the request's services may be gone.</summary>
    private SessionInvalidation Sessions => services.GetRequiredService<SessionInvalidation>();

    /// <summary>Whether other connections can't see yet what is saved now.</summary>
    public bool IsInTransaction => _transactions?.IsOpen(store) is true;

    /// <summary>Ends the account's sessions.</summary>
    public Task EndSessionsAsync(string userId, RevocationReason reason)
    {
        var sessions = Sessions;
        return TellAsync(userId, () => sessions.RevokeUserAsync(userId, reason, CancellationToken.None));
    }

    /// <summary>Makes the account's access tokens stale.</summary>
    public Task MakeStaleAsync(string userId)
    {
        var sessions = Sessions;
        return TellAsync(userId, () => sessions.ClaimsChangedAsync(userId, CancellationToken.None));
    }

    /// <summary>Makes all access tokens stale.</summary>
    public Task MakeAllStaleAsync()
    {
        var sessions = Sessions;
        return TellAsync("all", () => sessions.AllClaimsChangedAsync(CancellationToken.None));
    }

    /// <summary>
    /// Sends a notice to the owner. If it can't be put into the outbox, that is logged: the change is saved, and must not look as if it had failed.
    /// </summary>
    public Task NotifyAsync(AccountMailKind kind, string userId, MailRequest request)
    {
        var outbox = services.GetRequiredService<Outbox>();
        return TellAsync(userId, () => TellCommittedAsync(userId, () => outbox.NotifyAsync(kind, userId, request)));
    }

    private Task TellAsync(string account, Func<Task> tell)
    {
        if (_transactions?.TryRunAfterCommit(store, () => TellCommittedAsync(account, tell)) is true)
        {
            return Task.CompletedTask;
        }

        if (_transactions?.IsHidden(store) is true)
        {
            IdentityLog.ToldBeforeTheCommit(logger, account);
        }

        return tell();
    }

    /// <summary>The commit has succeeded. An exception would tell the app that it has failed, and a retrying strategy would repeat the app's work.</summary>
    private async Task TellCommittedAsync(string account, Func<Task> tell)
    {
        try
        {
            await tell().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            IdentityLog.NotTold(logger, exception, account);
        }
    }
}
