using Countersign.AspNetCore.Limits;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;

namespace Countersign.AspNetCore.SignIn;

/// <summary>
/// The step "find": finds the account, and the counters of an attempt at its password. It does the same work for names with and without an account.
/// </summary>
internal sealed class SignInCandidates(IAccounts accounts, SessionService sessions)
{
    /// <summary>Finds the account with a name, for a login.</summary>
    /// <param name="username">The name: an e-mail address or a user name.</param>
    /// <param name="refreshToken">A refresh token of an earlier login; null if the client has none. One that is not genuine changes nothing.</param>
    /// <param name="client">The address that the request comes from.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<SignInCandidate> FindByNameAsync(string username, string? refreshToken, ClientAddress client, CancellationToken cancellationToken)
    {
        var (account, lookupName) = await accounts.FindByNameAsync(username, cancellationToken).ConfigureAwait(false);
        var subject = account is null ? SignInAttempts.SubjectOfName(lookupName) : SignInAttempts.SubjectOfAccount(account.UserId);
        var site = client.Site ?? ClientAddress.Unknown;
        var addresses = await sessions.FindAddressesAsync(account?.UserId ?? subject, cancellationToken).ConfigureAwait(false);
        var isKnown = client.Site is { } own && addresses.Any(address => string.Equals(ClientAddress.SiteOf(address), own, StringComparison.Ordinal));
        List<SignInAttempt> counters = [new(subject, site, IsStranger: !isKnown)];
        if (refreshToken is not null
            && await sessions.FindEarlierLoginAsync(account?.UserId, refreshToken, cancellationToken).ConfigureAwait(false) is { } earlier)
        {
            counters.Insert(0, new(subject, SignInAttempts.SubjectOfSession(earlier), IsStranger: false));
        }

        return new SignInCandidate
        {
            Account = account,
            Hash = account is { IsActive: true, IsLockedOut: false } ? account.PasswordHash : null,
            Counters = counters,

            // The key uses the name that was sent. So two names of one account share no more than two names without an account do.
            QueueKey = new PasswordQueueKey(client.QueueNetwork, $"{SignInAttempts.SubjectOfName(lookupName)}|{site}"),
            CountsForLockout = true,
        };
    }

    /// <summary>Finds an account that is logged in already, for a change that requires the password.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="sessionId">The session that asks for the change; null if the token belongs to no session.</param>
    /// <param name="client">The address that the request comes from.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<SignInCandidate> FindByIdAsync(string userId, Guid? sessionId, ClientAddress client, CancellationToken cancellationToken)
    {
        var account = await accounts.FindByIdAsync(userId, cancellationToken).ConfigureAwait(false);
        var subject = sessionId is { } session ? SignInAttempts.SubjectOfSession(session) : SignInAttempts.SubjectOfAccount(userId);
        var counter = sessionId is null
            ? new SignInAttempt(subject, client.Site ?? ClientAddress.Unknown, IsStranger: true)
            : new SignInAttempt(subject, string.Empty, IsStranger: false);

        // A lockout blocks new logins. It ends no session, so it does not block the account's own change.
        return new SignInCandidate
        {
            Account = account,
            Hash = account is { IsActive: true } ? account.PasswordHash : null,
            Counters = [counter],
            QueueKey = new PasswordQueueKey(client.QueueNetwork, subject),
            SessionId = sessionId,
        };
    }
}
