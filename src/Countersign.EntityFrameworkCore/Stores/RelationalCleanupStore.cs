using Countersign.Sessions.Stores;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Removes old rows in small transactions. Each finds its rows by an index, so it holds its locks only as long as the removal takes.</summary>
/// <param name="database">The app's database.</param>
/// <param name="lockFreeRows">
/// The end of a query that locks its rows and skips the rows that another transaction has locked. Empty if only one transaction can write at a time.
/// </param>
internal sealed class RelationalCleanupStore(StoreDatabase database, string lockFreeRows = "") : ICleanupStore
{
    /// <summary>Sessions that may have expired: their expiry was not later when they were last checked.</summary>
    private const string IsDue = "cleanup_at < @before";

    /// <inheritdoc />
    public async Task<CleanupBatch?> RemoveAsync(
        CleanupTarget target, DateTimeOffset before, int limit, Guid holder, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var postponed = target == CleanupTarget.ExpiredSessions ? await PostponeAsync(before, limit, cancellationToken).ConfigureAwait(false) : 0;
        CleanupBatch? batch = null;
        await database.RunInTransactionAsync(
            async (store, token) =>
            {
                batch = null;

                // First renew the lease: a node that has lost it must not remove rows, and its holder is the only one until the commit.
                if (!await RelationalLeaseStore.SetAsync(store, ICleanupStore.Lease, holder, until, token).ConfigureAwait(false))
                {
                    return false;
                }

                var removed = await store.ExecuteAsync(
                    Statement(store.Tables, target), token, ("@before", Bound(target, before)), ("@limit", limit)).ConfigureAwait(false);
                batch = new CleanupBatch(removed, HasMore: postponed + removed >= limit);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return batch;
    }

    /// <summary>
    /// Sets a later date for the next check of the first sessions that were refreshed since the last check. A rotation leaves <c>cleanup_at</c> alone, so it
    /// moves no row in any index; this method updates it once in a session's idle lifetime. It is a separate statement that waits for no row and leaves none
    /// locked, because these sessions are in use.
    /// </summary>
    private Task<int> PostponeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.WriteAsync(
        (store, token) =>
        {
            var sessions = store.Tables.Sessions;
            var sql =
                $"""
                 UPDATE {sessions} SET cleanup_at = idle_expires_at
                 WHERE id IN (SELECT id FROM {sessions} WHERE {IsDue} ORDER BY cleanup_at LIMIT @limit{lockFreeRows}) AND idle_expires_at >= @before
                 """;
            return store.ExecuteAsync(sql, token, ("@before", before.UtcTicks), ("@limit", limit));
        },
        cancellationToken);

    private static string Statement(StoreTables tables, CleanupTarget target) => target switch
    {
        CleanupTarget.ExpiredSessions => Delete(tables.Sessions, "id", IsDue, "cleanup_at", and: "idle_expires_at < @before"),
        CleanupTarget.RevokedSessions => Delete(tables.Sessions, "id", "revoked_at < @before", "revoked_at"),
        CleanupTarget.Revocations => Delete(tables.Revocations, "seq", "revoked_at < @before", "revoked_at"),
        CleanupTarget.SignInAttempts => Delete(tables.Attempts, "subject, origin", "updated_at < @before AND blocked_until < @before", "updated_at"),
        CleanupTarget.Mails => Delete(tables.Mail, "id", "done_at < @before", "done_at"),
        CleanupTarget.MailTokens => Delete(tables.MailTokens, "user_id, purpose", "expires_at < @before", "expires_at"),

        // By their ids: these are UUIDs of version 7 and sort by time, so the table needs no index for it.
        CleanupTarget.Events => Delete(tables.Events, "id", "id < @before", "id"),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "Not a member of CleanupTarget."),
    };

    /// <summary>
    /// The condition occurs twice. When a row was locked by another transaction, the database checks the row again after that transaction's commit, but only
    /// with the outer condition.
    /// </summary>
    private static string Delete(string table, string key, string condition, string order, string? and = null) =>
        $"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {condition} ORDER BY {order} LIMIT @limit) AND {and ?? condition}";

    private static object Bound(CleanupTarget target, DateTimeOffset before) => target == CleanupTarget.Events ? Guid.CreateVersion7(before) : before.UtcTicks;
}
