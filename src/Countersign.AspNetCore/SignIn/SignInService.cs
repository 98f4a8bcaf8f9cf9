using System.Data.Common;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.SignIn;

/// <summary>Checks passwords: the one way by which a password leads to a session or confirms a change.</summary>
/// <remarks>
/// <para>
/// A check has these steps. Limits: the network's minute, and room in the engine. Find: the account, and what the attempt counts against. Reserve: the attempt is
/// counted before it is compared, so that guesses made in parallel count like guesses made in turn. Compare: exactly one comparison, with the account's hash or
/// with a dummy of the same cost. Settle: what was right is forgotten, what was wrong stays counted, and what was never compared is given back.
/// </para>
/// <para>
/// Every step does the same work for names with and without an account. <see cref="PasswordEngineBusyException"/> and what the database throws travel up. Whether
/// the engine is full is asked before the database is: a flood of logins must not become one of writes.
/// </para>
/// </remarks>
internal sealed class SignInService(
    IAccounts accounts,
    IAccountEditor editor,
    SessionService sessions,
    SignInAttempts attempts,
    PasswordEngine engine,
    NetworkLimits limits,
    ILogger<SignInService> logger)
{
    /// <summary>
    /// Checks between the engine's word and its queue, which does not know them yet: without a bound a flood would gather there, before the database, while the engine stands idle
    /// and lets more of them pass. Several times what fills the lanes of a large machine, and less than half a second of commits on a slow disk.
    /// </summary>
    internal const int MostOnTheWay = 32;

    private int _onTheWay;

    /// <summary>Checks the password of the account that a name means: an e-mail address or a user name.</summary>
    /// <param name="username">The name.</param>
    /// <param name="password">The password.</param>
    /// <param name="refreshToken">A refresh token of an earlier login, also an expired one; null if the client has none. One that is not genuine changes nothing.</param>
    /// <param name="client">From where the request comes.</param>
    /// <param name="cancellationToken">Ends the wait; an attempt that was not compared is given back.</param>
    public Task<PasswordCheck> CheckByNameAsync(
        string username, string password, string? refreshToken, ClientAddress client, CancellationToken cancellationToken) =>
        CheckAsync(() => FindByNameAsync(username, refreshToken, client, cancellationToken), password, client, cancellationToken);

    /// <summary>
    /// Checks the password of an account that is logged in already, before a change that asks for it. Its guesses count against its session alone, which ends
    /// with the last of them: strangers can't keep the person from it, and a thief has as few guesses as a stranger.
    /// </summary>
    /// <param name="userId">The account.</param>
    /// <param name="sessionId">The session that asks; null where the app takes tokens that belong to none.</param>
    /// <param name="password">The password.</param>
    /// <param name="client">From where the request comes.</param>
    /// <param name="cancellationToken">Ends the wait; an attempt that was not compared is given back.</param>
    public Task<PasswordCheck> CheckByIdAsync(
        string userId, Guid? sessionId, string password, ClientAddress client, CancellationToken cancellationToken) =>
        CheckAsync(() => FindByIdAsync(userId, sessionId, client, cancellationToken), password, client, cancellationToken);

    private async Task<Candidate> FindByNameAsync(string username, string? refreshToken, ClientAddress client, CancellationToken cancellationToken)
    {
        var (account, lookupName) = await accounts.FindByNameAsync(username, cancellationToken).ConfigureAwait(false);
        var subject = account is null ? SignInAttempts.SubjectOfName(lookupName) : SignInAttempts.SubjectOfAccount(account.UserId);
        var site = client.Site ?? ClientAddress.Unknown;
        var addresses = await sessions.FindAddressesAsync(account?.UserId ?? subject, cancellationToken).ConfigureAwait(false);
        var isKnown = client.Site is { } own && addresses.Any(address => string.Equals(ClientAddress.SiteOf(address), own, StringComparison.Ordinal));
        List<SignInAttempt> counters = [new(subject, site, IsStranger: !isKnown)];
        if (refreshToken is not null && await sessions.FindEarlierLoginAsync(account?.UserId, refreshToken, cancellationToken).ConfigureAwait(false) is { } earlier)
        {
            counters.Insert(0, new(subject, SignInAttempts.SubjectOfSession(earlier), IsStranger: false));
        }

        return new Candidate
        {
            Account = account,
            Hash = account is { IsActive: true, IsLockedOut: false } ? account.PasswordHash : null,
            Counters = counters,

            // By the name that was sent: two names of one account are no nearer to each other than two names of none.
            EngineKey = $"{SignInAttempts.SubjectOfName(lookupName)}|{site}",
            CountsForLockout = true,
        };
    }

    private async Task<Candidate> FindByIdAsync(string userId, Guid? sessionId, ClientAddress client, CancellationToken cancellationToken)
    {
        var account = await accounts.FindByIdAsync(userId, cancellationToken).ConfigureAwait(false);
        var subject = sessionId is { } session ? SignInAttempts.SubjectOfSession(session) : SignInAttempts.SubjectOfAccount(userId);
        var counter = sessionId is null
            ? new SignInAttempt(subject, client.Site ?? ClientAddress.Unknown, IsStranger: true)
            : new SignInAttempt(subject, string.Empty, IsStranger: false);

        // A lockout bars new logins, and none has come to an end by it.
        return new Candidate
        {
            Account = account,
            Hash = account is { IsActive: true } ? account.PasswordHash : null,
            Counters = [counter],
            EngineKey = subject,
            SessionId = sessionId,
        };
    }

    private async Task<PasswordCheck> CheckAsync(Func<Task<Candidate>> find, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        if (limits.PasswordChecks.TryTake(client.Network) is { } retryAfter)
        {
            return PasswordCheck.TooManyAttempts(retryAfter);
        }

        Candidate candidate;
        PasswordQueueKey origin;
        SignInAttempt attempt;
        AttemptReservation reservation;
        ValueTask<PasswordVerification> comparison;
        engine.ThrowIfBusy(new PasswordQueueKey(client.QueueNetwork, Account: null));
        EnterPreparation();
        try
        {
            candidate = await find().ConfigureAwait(false);
            origin = new PasswordQueueKey(client.QueueNetwork, candidate.EngineKey);
            engine.ThrowIfBusy(origin);
            (attempt, reservation) = await ReserveAsync(candidate).ConfigureAwait(false);
            if (reservation.Wait is { } wait)
            {
                return PasswordCheck.TooManyAttempts(wait);
            }

            // In the queue, or refused, when the call returns.
            comparison = engine.VerifyWithOwnSchemeAsync(password, candidate.Hash, editor.FindOwnScheme(candidate.Account), origin, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _onTheWay);
        }

        PasswordVerification verification;
        try
        {
            verification = await comparison.ConfigureAwait(false);
        }
        catch
        {
            await GiveBackAsync(attempt, reservation).ConfigureAwait(false);
            throw;
        }

        if (verification is PasswordVerification.Failed || candidate is not { Account: { } account, Hash: { } hash })
        {
            await SettleWrongAsync(candidate, attempt, reservation).ConfigureAwait(false);
            return PasswordCheck.Wrong();
        }

        await SettleRightAsync(candidate, account, attempt).ConfigureAwait(false);
        if (verification is PasswordVerification.SuccessRehashNeeded)
        {
            await RehashAsync(account.UserId, password, hash, origin, cancellationToken).ConfigureAwait(false);
        }

        return PasswordCheck.Accepted(account.UserId, account.Stamp);
    }

    private void EnterPreparation()
    {
        if (Interlocked.Increment(ref _onTheWay) > MostOnTheWay)
        {
            Interlocked.Decrement(ref _onTheWay);
            throw new PasswordEngineBusyException(engine.RetryAfter);
        }
    }

    /// <summary>Counts the attempt in the first counter that takes it: an earlier login adds a counter, and never bars the other one.</summary>
    private async Task<(SignInAttempt Attempt, AttemptReservation Reservation)> ReserveAsync(Candidate candidate)
    {
        var (attempt, reservation) = (default(SignInAttempt), default(AttemptReservation));
        foreach (var counter in candidate.Counters)
        {
            // To its end: of an attempt whose client has gone it must be known whether it was counted.
            (attempt, reservation) = (counter, await attempts.ReserveAsync(counter, CancellationToken.None).ConfigureAwait(false));
            if (reservation.MayGoOn)
            {
                break;
            }
        }

        return (attempt, reservation);
    }

    /// <summary>An attempt that was never compared is no guess: the engine was full, or the client has gone.</summary>
    private async Task GiveBackAsync(SignInAttempt attempt, AttemptReservation reservation)
    {
        try
        {
            await attempts.GiveBackAsync(attempt, reservation, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheDatabase(exception))
        {
            // The caller hears of what came first.
            IdentityLog.AttemptNotGivenBack(logger, exception);
        }
    }

    /// <summary>To its end, whether or not the client waits: it has cost a comparison.</summary>
    private async Task SettleWrongAsync(Candidate candidate, SignInAttempt attempt, AttemptReservation reservation)
    {
        if (candidate.CountsForLockout)
        {
            // Where Identity's lockout counts an account's wrong passwords, every other refusal costs as much.
            var userId = candidate is { Account: { CountsFailedSignIns: true } compared, Hash: not null } ? compared.UserId : null;
            if (await editor.CountFailedSignInAsync(userId, CancellationToken.None).ConfigureAwait(false) is FailedSignIn.Simulated)
            {
                await attempts.TouchAsync(attempt, CancellationToken.None).ConfigureAwait(false);
            }
        }

        if (reservation.BlockedUntil is not { } until || candidate.Account is not { } account)
        {
            return;
        }

        IdentityLog.AccountBlocked(logger, account.UserId, attempts.LengthOf(until));
        if (candidate.SessionId is { } session)
        {
            await sessions.RevokeAsync(session, RevocationReason.TooManyAttempts, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task SettleRightAsync(Candidate candidate, SignInAccount account, SignInAttempt attempt)
    {
        await attempts.SucceedAsync(attempt, CancellationToken.None).ConfigureAwait(false);
        if (candidate.CountsForLockout && account.MayForgetFailedSignIns)
        {
            await editor.ForgetFailedSignInsAsync(account.UserId, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The password was right, and that stands whatever becomes of the better hash.</summary>
    private async Task RehashAsync(string userId, string password, string outdated, PasswordQueueKey origin, CancellationToken cancellationToken)
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
        catch (Exception exception) when (IsOfTheDatabase(exception))
        {
            IdentityLog.RehashFailed(logger, exception, userId);
        }
    }

    private static bool IsOfTheDatabase(Exception exception) =>
        exception is DbException or TimeoutException or SessionsUnavailableException || exception.InnerException is DbException;

    /// <summary>Whose password is checked, and what the attempt counts against.</summary>
    private sealed class Candidate
    {
        /// <summary>Null for a name that no account has.</summary>
        public required SignInAccount? Account { get; init; }

        /// <summary>What to compare with; null where the account may not log in now, or has no password: the engine then compares with a dummy, and fails.</summary>
        public required string? Hash { get; init; }

        /// <summary>What the attempt may count against: the first that takes it counts.</summary>
        public required IReadOnlyList<SignInAttempt> Counters { get; init; }

        /// <summary>Whom a place in the engine's queue is counted against.</summary>
        public required string EngineKey { get; init; }

        /// <summary>The session that asks; null at a login.</summary>
        public Guid? SessionId { get; init; }

        /// <summary>Whether Identity's own lockout counts it, as it counts every login.</summary>
        public bool CountsForLockout { get; init; }
    }
}
