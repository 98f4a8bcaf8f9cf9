using System.Data.Common;
using Countersign.AspNetCore.Identity;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The step "verify": makes exactly one comparison, with the account's hash or with a dummy of the same cost.</summary>
/// <remarks>
/// It has three parts. Reserve: the attempt is counted before it is compared, so parallel guesses count like sequential ones. Compare. Settle: a right
/// password resets the count, a wrong one stays counted, and an attempt that was never compared is given back.
/// </remarks>
internal sealed class PasswordVerifier(
    IAccountEditor editor,
    SessionService sessions,
    SignInAttempts attempts,
    PasswordEngine engine,
    ILogger<SignInService> logger)
{
    /// <summary>Checks a password.</summary>
    /// <param name="candidate">The account, and the counters of the attempt.</param>
    /// <param name="password">The password.</param>
    /// <param name="passage">The way to the engine's queue. It ends when the comparison is in the queue.</param>
    /// <param name="cancellationToken">Cancels the wait; an attempt that was not compared is given back.</param>
    public async Task<PasswordCheck> VerifyAsync(
        SignInCandidate candidate, string password, SignInLimits.Passage passage, CancellationToken cancellationToken)
    {
        engine.ThrowIfBusy(candidate.QueueKey);
        var (attempt, reservation) = await ReserveAsync(candidate).ConfigureAwait(false);
        if (reservation.Wait is { } wait)
        {
            return PasswordCheck.TooManyAttempts(wait);
        }

        // When the call returns, the comparison is in the queue or refused.
        var comparison = engine.VerifyWithOwnSchemeAsync(
            password, candidate.Hash, editor.FindOwnScheme(candidate.Account), candidate.QueueKey, cancellationToken);
        passage.Dispose();
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
            await RehashAsync(account.UserId, password, hash, candidate.QueueKey, cancellationToken).ConfigureAwait(false);
        }

        return PasswordCheck.Accepted(account.UserId, account.Stamp);
    }

    /// <summary>Counts the attempt in the first counter that accepts it. An earlier login adds a counter, and never blocks the other one.</summary>
    private async Task<(SignInAttempt Attempt, AttemptReservation Reservation)> ReserveAsync(SignInCandidate candidate)
    {
        var (attempt, reservation) = (default(SignInAttempt), default(AttemptReservation));
        foreach (var counter in candidate.Counters)
        {
            // Not cancelled: even if the client has gone, it must be known whether the attempt was counted.
            (attempt, reservation) = (counter, await attempts.ReserveAsync(counter, CancellationToken.None).ConfigureAwait(false));
            if (reservation.MayGoOn)
            {
                break;
            }
        }

        return (attempt, reservation);
    }

    /// <summary>Gives back an attempt that was never compared, because the engine was full or the client has gone: it is not a guess.</summary>
    private async Task GiveBackAsync(SignInAttempt attempt, AttemptReservation reservation)
    {
        try
        {
            await attempts.GiveBackAsync(attempt, reservation, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheDatabase(exception))
        {
            // The caller gets the first exception.
            IdentityLog.AttemptNotGivenBack(logger, exception);
        }
    }

    /// <summary>Counts a wrong password. Not cancelled if the client has gone, because the attempt has cost a comparison.</summary>
    private async Task SettleWrongAsync(SignInCandidate candidate, SignInAttempt attempt, AttemptReservation reservation)
    {
        if (candidate.CountsForLockout)
        {
            // If Identity's lockout counts an account's wrong passwords, every other refusal must cost as much.
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

    private async Task SettleRightAsync(SignInCandidate candidate, SignInAccount account, SignInAttempt attempt)
    {
        await attempts.SucceedAsync(attempt, CancellationToken.None).ConfigureAwait(false);
        if (candidate.CountsForLockout && account.MayForgetFailedSignIns)
        {
            await editor.ForgetFailedSignInsAsync(account.UserId, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Replaces the outdated hash. The password was right, so the check succeeds even if this fails.</summary>
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
}
