using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Ends every session of every account. The statements are every provider's; how other writers are held off is each one's own.</summary>
internal static class EveryoneRevocation
{
    /// <summary>Raises the epoch, revokes the rows, and writes the event, in the transaction that <paramref name="store"/> is in.</summary>
    public static async Task<RevokedEveryone> RunAsync(StoreContext store, RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken)
    {
        var epochs = await store.QueryAsync(
            $"UPDATE {store.Tables.FeedHead} SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch", static reader => reader.GetInt64(0), cancellationToken).ConfigureAwait(false);

        // Every row: what a clock that is wrong takes for expired must not be left alive.
        var sessions = await store.ExecuteAsync(
            $"UPDATE {store.Tables.Sessions} SET revoked_at = @now, revoked_reason = @reason WHERE revoked_at IS NULL",
            cancellationToken,
            ("@now", line.At.UtcTicks),
            ("@reason", (int)reason)).ConfigureAwait(false);
        await store.ExecuteAsync(
            $"""
             INSERT INTO {store.Tables.Events} (id, at, kind, user_id, session_id, ip_address, detail)
             VALUES (@id, @at, @kind, @user_id, @session_id, @ip_address, @detail)
             """,
            cancellationToken,
            ("@id", line.Id),
            ("@at", line.At.UtcTicks),
            ("@kind", line.Kind),
            ("@user_id", line.UserId),
            ("@session_id", line.SessionId),
            ("@ip_address", line.IpAddress),
            ("@detail", line.Detail)).ConfigureAwait(false);
        return new RevokedEveryone(epochs.Single(), sessions);
    }

    /// <summary>Finds the sessions that were in use since an instant, page by page along the table's own order: a command of an operator, not of every day.</summary>
    public static async Task<IReadOnlyList<Guid>> FindUsedSinceAsync(
        StoreContext store, DateTimeOffset since, DateTimeOffset beganBefore, Guid? after, int limit, CancellationToken cancellationToken) =>
        await store.QueryAsync(
            $"""
             SELECT id FROM {store.Tables.Sessions}
             WHERE id > @after AND revoked_at IS NULL AND created_at < @began_before AND (created_at >= @since OR refreshed_at >= @since)
             ORDER BY id LIMIT @limit
             """,
            static reader => reader.GetGuid(0),
            cancellationToken,
            ("@after", after ?? Guid.Empty),
            ("@began_before", beganBefore.UtcTicks),
            ("@since", since.UtcTicks),
            ("@limit", limit)).ConfigureAwait(false);
}
