using System.Data.Common;
using Countersign.EntityFrameworkCore.Tables;
using Countersign.Sessions.Stores;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Reserves sign-in attempts. Each counter takes one statement, so of many simultaneous attempts only the allowed number continues.</summary>
internal sealed class RelationalSignInAttemptStore(StoreDatabase database) : ISignInAttemptStore
{
    private const string IsSubject = "subject = @subject";

    private const string IsCounter = $"{IsSubject} AND origin = @origin";

    /// <inheritdoc />
    public async Task<AttemptReservation> ReserveAsync(SignInAttempt attempt, LockoutPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        AttemptReservation reservation = default;
        await database.RunInTransactionAsync(
            async (store, token) =>
            {
                reservation = await CountAsync(store, attempt, policy, now, token).ConfigureAwait(false);
                if (reservation.MayGoOn && await CountStrangerAsync(store, attempt, policy, now, token).ConfigureAwait(false) is { } wait)
                {
                    reservation = new AttemptReservation(wait, BlockedUntil: null);
                }

                // If one counter refuses the attempt, the other does not count it: nothing is committed.
                return reservation.MayGoOn;
            },
            cancellationToken).ConfigureAwait(false);
        return reservation;
    }

    /// <inheritdoc />
    public Task SucceedAsync(SignInAttempt attempt, LockoutPolicy policy, CancellationToken cancellationToken) => database.RunInTransactionAsync(
        async (store, token) =>
        {
            await store.ExecuteAsync(
                $"DELETE FROM {store.Tables.Attempts} WHERE {IsCounter}", token, ("@subject", attempt.Subject), ("@origin", attempt.Origin))
                .ConfigureAwait(false);
            await ReturnStrangerAsync(store, attempt, policy, token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task GiveBackAsync(SignInAttempt attempt, AttemptReservation reservation, LockoutPolicy policy, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (store, token) =>
            {
                // A block that another attempt has started in the meantime stays.
                await store.ExecuteAsync(
                    $"""
                     UPDATE {store.Tables.Attempts} SET
                       failures = failures - 1,
                       blocked_until = CASE WHEN blocked_until = @blocked_until THEN 0 ELSE blocked_until END
                     WHERE {IsCounter} AND failures > 0
                     """,
                    token,
                    ("@blocked_until", reservation.BlockedUntil?.UtcTicks ?? 0L),
                    ("@subject", attempt.Subject),
                    ("@origin", attempt.Origin)).ConfigureAwait(false);
                await ReturnStrangerAsync(store, attempt, policy, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <inheritdoc />
    public Task TouchAsync(SignInAttempt attempt, CancellationToken cancellationToken) => database.WriteAsync(
        (store, token) => store.ExecuteAsync(
            $"UPDATE {store.Tables.Attempts} SET updated_at = updated_at WHERE {IsCounter}", token, ("@subject", attempt.Subject), ("@origin", attempt.Origin)),
        cancellationToken);

    /// <inheritdoc />
    public Task ResetAsync(string subject, CancellationToken cancellationToken) => database.WriteAsync(
        (store, token) => store.ExecuteAsync($"DELETE FROM {store.Tables.Attempts} WHERE {IsSubject}", token, ("@subject", subject)),
        cancellationToken);

    /// <summary>Counts the attempt against its origin.</summary>
    private static async Task<AttemptReservation> CountAsync(
        StoreContext store, SignInAttempt attempt, LockoutPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var table = store.Tables.Attempts;
        var failures = $"CASE WHEN {table}.updated_at < @forgotten AND {table}.blocked_until < @forgotten THEN 1 ELSE {table}.failures + 1 END";

        // The shift is LockoutPolicy.DurationAfter in SQL: the first duration, doubled for each attempt beyond the free ones, at most 20 times.
        var counted = await store.QueryAsync(
            $"""
             INSERT INTO {table} (subject, origin, failures, blocked_until, updated_at) VALUES (@subject, @origin, 1, @first_until, @now)
             ON CONFLICT (subject, origin) DO UPDATE SET
               failures = {failures},
               updated_at = @now,
               blocked_until = CASE
                 WHEN ({failures}) < @free THEN 0
                 WHEN ({failures}) - @free > 20 THEN @now + @longest
                 WHEN (@block << CAST(({failures}) - @free AS int)) > @longest THEN @now + @longest
                 ELSE @now + (@block << CAST(({failures}) - @free AS int)) END
             WHERE {table}.blocked_until <= @now
             RETURNING blocked_until
             """,
            ReadInstant,
            cancellationToken,
            ("@subject", attempt.Subject),
            ("@origin", attempt.Origin),
            ("@first_until", policy.MaxFailedAttempts <= 1 ? now.UtcTicks + policy.DurationAfter(1).Ticks : 0L),
            ("@now", now.UtcTicks),
            ("@forgotten", (now - LockoutPolicy.Memory).UtcTicks),
            ("@free", policy.MaxFailedAttempts),
            ("@block", policy.InitialDuration.Ticks),
            ("@longest", policy.MaxDuration.Ticks)).ConfigureAwait(false);
        return counted.Count == 0
            ? new AttemptReservation(await WaitAsync(store, attempt.Subject, attempt.Origin, now, cancellationToken).ConfigureAwait(false), BlockedUntil: null)
            : new AttemptReservation(Wait: null, counted[0] == 0 ? null : new DateTimeOffset(counted[0], TimeSpan.Zero));
    }

    /// <summary>
    /// Takes one attempt from the subject's allowance for strangers, by the generic cell rate algorithm of ITU-T I.371. The stored instant is when the
    /// allowance is full again. The same statement runs for an attempt that is not a stranger's and takes nothing. So the number of queries does not show which
    /// networks an account knows.
    /// </summary>
    /// <returns>How long to wait for the next attempt; null if one was taken.</returns>
    private static async Task<TimeSpan?> CountStrangerAsync(
        StoreContext store, SignInAttempt attempt, LockoutPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var table = store.Tables.Attempts;
        var tolerated = policy.StrangerInterval * (policy.StrangerAttempts - 1);
        var taken = await store.ExecuteAsync(
            $"""
             INSERT INTO {table} (subject, origin, failures, blocked_until, updated_at) VALUES (@subject, @origin, 0, @now + @interval, @now)
             ON CONFLICT (subject, origin) DO UPDATE SET
               blocked_until = CASE WHEN {table}.blocked_until > @now THEN {table}.blocked_until ELSE @now END + @interval,
               updated_at = @now
             WHERE {table}.blocked_until <= @now + @tolerated
             """,
            cancellationToken,
            ("@subject", attempt.Subject),
            ("@origin", SignInAttemptRow.Strangers),
            ("@now", now.UtcTicks),
            ("@interval", attempt.IsStranger ? policy.StrangerInterval.Ticks : 0L),
            ("@tolerated", attempt.IsStranger ? tolerated.Ticks : long.MaxValue - now.UtcTicks)).ConfigureAwait(false);
        return taken == 1
            ? null
            : await WaitAsync(store, attempt.Subject, SignInAttemptRow.Strangers, now + tolerated, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReturnStrangerAsync(StoreContext store, SignInAttempt attempt, LockoutPolicy policy, CancellationToken cancellationToken)
    {
        if (attempt.IsStranger)
        {
            await store.ExecuteAsync(
                $"UPDATE {store.Tables.Attempts} SET blocked_until = blocked_until - @interval WHERE {IsCounter} AND blocked_until > @interval",
                cancellationToken,
                ("@interval", policy.StrangerInterval.Ticks),
                ("@subject", attempt.Subject),
                ("@origin", SignInAttemptRow.Strangers)).ConfigureAwait(false);
        }
    }

    /// <summary>Returns how long an attempt must wait after a counter has just refused it.</summary>
    private static async Task<TimeSpan> WaitAsync(
        StoreContext store, string subject, string origin, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var until = await store.QueryAsync(
            $"SELECT blocked_until FROM {store.Tables.Attempts} WHERE {IsCounter}", ReadInstant, cancellationToken, ("@subject", subject), ("@origin", origin))
            .ConfigureAwait(false);
        var left = until.Count == 0 ? TimeSpan.Zero : new TimeSpan(until[0] - now.UtcTicks);

        // The block may have ended in the meantime. It existed when the attempt was made, so the attempt is still refused.
        return left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1);
    }

    private static long ReadInstant(DbDataReader reader) => reader.GetInt64(0);
}
