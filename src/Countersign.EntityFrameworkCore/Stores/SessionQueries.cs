using Countersign.Sessions;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>What is read of sessions without a lock, the same on every provider.</summary>
internal static class SessionQueries
{
    /// <summary>Finds one session, live or not.</summary>
    public static Task<Session?> FindAsync(StoreDatabase database, Guid id, CancellationToken cancellationToken) => database.RunAsync(
        async (store, token) =>
        {
            var rows = await store.QueryAsync(
                $"SELECT {SessionColumns.All} FROM {store.Tables.Sessions} WHERE id = @id", SessionColumns.Read, token, ("@id", id)).ConfigureAwait(false);
            return rows.Count == 0 ? null : rows[0];
        },
        cancellationToken);

    /// <summary>Lists an account's live sessions, newest first.</summary>
    public static Task<IReadOnlyList<Session>> ListAsync(
        StoreDatabase database, string userId, Guid? before, int limit, DateTimeOffset now, CancellationToken cancellationToken) => database.RunAsync(
        async (store, token) =>
        {
            // UUID v7 sorts by time, as text and as bytes: the last id of a page is where the next one begins.
            var page = before is null ? string.Empty : " AND id < @before";
            IReadOnlyList<Session> rows = await store.QueryAsync(
                $"""
                 SELECT {SessionColumns.All} FROM {store.Tables.Sessions}
                 WHERE user_id = @user_id AND revoked_at IS NULL AND idle_expires_at > @now AND expires_at > @now{page} ORDER BY id DESC LIMIT @limit
                 """,
                SessionColumns.Read,
                token,
                ("@user_id", userId),
                ("@now", now.UtcTicks),
                ("@before", before),
                ("@limit", limit)).ConfigureAwait(false);
            return rows;
        },
        cancellationToken);
}
