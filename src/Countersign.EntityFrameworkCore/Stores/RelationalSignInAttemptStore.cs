using Countersign.Sessions.Stores;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Reserves guesses, each in one statement: of many that come at once, no more go on than are free.</summary>
internal sealed class RelationalSignInAttemptStore(StoreDatabase database) : ISignInAttemptStore
{
    /// <inheritdoc />
    public Task<TimeSpan?> TryReserveAsync(string key, GuessPolicy policy, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        async (store, token) =>
        {
            // The shift is GuessPolicy.BlockAfter in SQL: the first block doubled once for each attempt beyond the free ones, at most 20 times.
            var reserved = await store.ExecuteAsync(
                $"""
                 INSERT INTO {store.Tables.Attempts} (key, failures, blocked_until, updated_at) VALUES (@key, 1, @first_until, @now)
                 ON CONFLICT (key) DO UPDATE SET
                   failures = {store.Tables.Attempts}.failures + 1,
                   updated_at = @now,
                   blocked_until = CASE
                     WHEN {store.Tables.Attempts}.failures + 1 < @free THEN 0
                     WHEN {store.Tables.Attempts}.failures + 1 - @free > 20 THEN @now + @longest
                     WHEN (@block << CAST({store.Tables.Attempts}.failures + 1 - @free AS int)) > @longest THEN @now + @longest
                     ELSE @now + (@block << CAST({store.Tables.Attempts}.failures + 1 - @free AS int)) END
                 WHERE {store.Tables.Attempts}.blocked_until <= @now
                 """,
                token,
                ("@key", key),
                ("@first_until", policy.FreeAttempts <= 1 ? now.UtcTicks + policy.BlockAfter(1).Ticks : 0L),
                ("@now", now.UtcTicks),
                ("@free", policy.FreeAttempts),
                ("@block", policy.FirstBlock.Ticks),
                ("@longest", policy.LongestBlock.Ticks)).ConfigureAwait(false);
            if (reserved == 1)
            {
                return (TimeSpan?)null;
            }

            var until = await store.QueryAsync(
                $"SELECT blocked_until FROM {store.Tables.Attempts} WHERE key = @key", static reader => reader.GetInt64(0), token, ("@key", key)).ConfigureAwait(false);
            var left = until.Count == 0 ? TimeSpan.Zero : new TimeSpan(until[0] - now.UtcTicks);

            // The block can have been lifted since: it was there when the attempt was made, so the attempt is refused all the same.
            return left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task ResetAsync(string key, CancellationToken cancellationToken) => database.WriteAsync(
        (store, token) => store.ExecuteAsync($"DELETE FROM {store.Tables.Attempts} WHERE key = @key", token, ("@key", key)),
        cancellationToken);
}
