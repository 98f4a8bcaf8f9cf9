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
/// named: the account's, or a decoy of the same cost. <see cref="PasswordEngineBusyException"/> and what the database throws travel up. Whether the engine is full
/// is asked first, before the database: a flood of logins must not become one of writes. An attempt that finds it full later stays counted: could it be given
/// back, filling the queue would reset the count.
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
    /// <summary>
    /// Checks between the engine's word and its queue, which does not know them yet: without a bound a flood would gather there, before the database, while the engine stands idle
    /// and lets more of them pass. Several times what fills the lanes of a large machine, and less than half a second of commits on a slow disk.
    /// </summary>
    internal const int MostOnTheWay = 32;

    private int _onTheWay;

    /// <summary>Checks a password for whoever the name means: an e-mail address or a user name.</summary>
    public Task<PasswordCheck> CheckByNameAsync(string username, string password, ClientAddress client, CancellationToken cancellationToken) =>
        CheckAsync(
            async () =>
            {
                var account = await accounts.FindByNameAsync(username, cancellationToken).ConfigureAwait(false);
                return (account, account is null ? SignInAttempts.KeyOfName(username) : SignInAttempts.KeyOfAccount(account.UserId));
            },
            password,
            client,
            cancellationToken);

    /// <summary>Checks the password of an account that is logged in already, before a change that asks for it.</summary>
    public Task<PasswordCheck> CheckByIdAsync(string userId, string password, ClientAddress client, CancellationToken cancellationToken) =>
        CheckAsync(
            async () => (await accounts.FindByIdAsync(userId, cancellationToken).ConfigureAwait(false), SignInAttempts.KeyOfAccount(userId)),
            password,
            client,
            cancellationToken);

    private async Task<PasswordCheck> CheckAsync(
        Func<Task<(SignInAccount? Account, string Key)>> find, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        if (limits.PasswordChecks.TryTake(client.Network) is { } retryAfter)
        {
            return PasswordCheck.TooManyFromNetwork(retryAfter);
        }

        SignInAccount? account;
        PasswordOrigin origin;
        string? hash;
        ValueTask<PasswordVerification> comparison;
        engine.ThrowIfBusy(new PasswordOrigin(client.Network, Account: null));
        EnterTheWay();
        try
        {
            (account, var key) = await find().ConfigureAwait(false);
            origin = new PasswordOrigin(client.Network, key);
            engine.ThrowIfBusy(origin);
            hash = await ReserveAsync(account, key, cancellationToken).ConfigureAwait(false);

            // In the queue, or refused, when the call returns.
            comparison = engine.VerifyWithOwnSchemeAsync(password, hash, editor.FindOwnScheme(account), origin, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _onTheWay);
        }

        var verification = await comparison.ConfigureAwait(false);
        if (verification is PasswordVerification.Failed || account is null || hash is null)
        {
            return PasswordCheck.Wrong();
        }

        await attempts.ResetAsync(origin.Account!, cancellationToken).ConfigureAwait(false);
        if (verification is PasswordVerification.SuccessRehashNeeded)
        {
            await RehashAsync(account.UserId, password, hash, origin, cancellationToken).ConfigureAwait(false);
        }

        return PasswordCheck.Accepted(account.UserId, account.Stamp);
    }

    private void EnterTheWay()
    {
        if (Interlocked.Increment(ref _onTheWay) > MostOnTheWay)
        {
            Interlocked.Decrement(ref _onTheWay);
            throw new PasswordEngineBusyException(engine.RetryAfter);
        }
    }

    /// <summary>Counts the attempt, and gives what to compare with: nothing for an account that may not log in now, and then the engine compares with a decoy, and fails.</summary>
    private async Task<string?> ReserveAsync(SignInAccount? account, string key, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var block = await attempts.TryReserveAsync(key, now, cancellationToken).ConfigureAwait(false);
        if (block is { } rest && account is not null)
        {
            IdentityLog.AccountBlocked(logger, account.UserId, rest);
        }

        return block is null && account is { IsActive: true } && !(account.LockedUntil > now) ? account.PasswordHash : null;
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
