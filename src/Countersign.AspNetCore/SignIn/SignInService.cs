using System.Data.Common;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.SignIn;

/// <summary>Checks passwords: the one way by which a password leads to a session or confirms a change.</summary>
/// <remarks>
/// The attempt is reserved before the hash, so that guesses made in parallel count like guesses made in turn, and exactly one comparison is computed whoever is
/// named: the account's, or a decoy of the same cost. <see cref="PasswordEngineBusyException"/> and what the database throws travel up. An attempt that
/// found the engine full stays counted: could it be given back, filling the queue would reset the count.
/// </remarks>
internal sealed class SignInService(
    IAccounts accounts,
    IAccountEditor editor,
    SignInAttempts attempts,
    PasswordEngine engine,
    NetworkLimits limits,
    SessionClock clock,
    ILogger<SignInService> logger)
{
    /// <summary>Checks a password for whoever the name means: an e-mail address or a user name.</summary>
    public async Task<PasswordCheck> CheckByNameAsync(string username, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        if (limits.PasswordChecks.TryTake(client.Network) is { } retryAfter)
        {
            return PasswordCheck.TooManyFromNetwork(retryAfter);
        }

        var account = await accounts.FindByNameAsync(username, cancellationToken).ConfigureAwait(false);
        var key = account is null ? SignInAttempts.KeyOfName(username) : SignInAttempts.KeyOfAccount(account.UserId);
        return await CheckAsync(account, key, password, client, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks the password of an account that is logged in already, before a change that asks for it.</summary>
    public async Task<PasswordCheck> CheckByIdAsync(string userId, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        if (limits.PasswordChecks.TryTake(client.Network) is { } retryAfter)
        {
            return PasswordCheck.TooManyFromNetwork(retryAfter);
        }

        var account = await accounts.FindByIdAsync(userId, cancellationToken).ConfigureAwait(false);
        return await CheckAsync(account, SignInAttempts.KeyOfAccount(userId), password, client, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PasswordCheck> CheckAsync(
        SignInAccount? account, string key, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var block = await attempts.TryReserveAsync(key, now, cancellationToken).ConfigureAwait(false);
        if (block is { } rest && account is not null)
        {
            IdentityLog.AccountBlocked(logger, account.UserId, rest);
        }

        // Without a hash the engine compares with a decoy, and fails.
        var hash = block is null && account is { IsActive: true } && !(account.LockedUntil > now) ? account.PasswordHash : null;
        var origin = new PasswordOrigin(client.Network, key);
        var verification = await engine.VerifyAsync(password, hash, origin, cancellationToken).ConfigureAwait(false);
        if (verification is PasswordVerification.Failed || account is null || hash is null)
        {
            return PasswordCheck.Wrong();
        }

        await attempts.ResetAsync(key, cancellationToken).ConfigureAwait(false);
        if (verification is PasswordVerification.SuccessRehashNeeded)
        {
            await RehashAsync(account.UserId, password, hash, origin, cancellationToken).ConfigureAwait(false);
        }

        return PasswordCheck.Accepted(account.UserId, account.Stamp);
    }

    /// <summary>The password was right, and that stands whatever becomes of the better hash.</summary>
    private async Task RehashAsync(string userId, string password, string outdated, PasswordOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            var hash = await engine.HashAsync(password, origin, cancellationToken).ConfigureAwait(false);
            if (!await editor.TryReplaceHashAsync(userId, outdated, hash, cancellationToken).ConfigureAwait(false))
            {
                IdentityLog.RehashPutOff(logger, userId);
            }
        }
        catch (PasswordEngineBusyException)
        {
            IdentityLog.RehashPutOff(logger, userId);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException || exception.InnerException is DbException)
        {
            IdentityLog.RehashFailed(logger, exception, userId);
        }
    }
}
