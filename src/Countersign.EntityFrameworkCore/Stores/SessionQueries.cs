using Countersign.Sessions;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Queries for sessions that take no lock. All providers share them.</summary>
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
            // UUIDs of version 7 sort by time, as text and as bytes. So the next page begins after the last id of a page.
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

    /// <summary>Lists the network addresses of an account's sessions, live or not.</summary>
    public static Task<IReadOnlyList<string>> FindAddressesAsync(
        StoreDatabase database, string userId, int limit, CancellationToken cancellationToken) => database.RunAsync(
        async (store, token) =>
        {
            IReadOnlyList<string> addresses = await store.QueryAsync(
                $"""
                 SELECT DISTINCT ip_address
                 FROM (SELECT ip_address FROM {store.Tables.Sessions} WHERE user_id = @user_id ORDER BY id DESC LIMIT @limit) AS latest
                 WHERE ip_address IS NOT NULL
                 """,
                static reader => reader.GetString(0),
                token,
                ("@user_id", userId),
                ("@limit", limit)).ConfigureAwait(false);
            return addresses;
        },
        cancellationToken);

    /// <summary>Reads the number of the feed's last entry.</summary>
    public static Task<long> FindRevisionAsync(StoreDatabase database, CancellationToken cancellationToken) => database.RunAsync(
        async (store, token) =>
        {
            var rows = await store.QueryAsync(
                $"SELECT seq FROM {store.Tables.FeedHead} WHERE id = 1", static reader => reader.GetInt64(0), token).ConfigureAwait(false);
            return rows.Single();
        },
        cancellationToken);

    /// <summary>
    /// Finds the sessions that were in use since an instant, page by page in the order of their ids. Only a rare command of an operator needs it.
    /// </summary>
    public static Task<IReadOnlyList<Guid>> FindUsedSinceAsync(
        StoreDatabase database, DateTimeOffset since, DateTimeOffset beganBefore, Guid? after, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(
        async (store, token) =>
        {
            IReadOnlyList<Guid> ids = await store.QueryAsync(
                $"""
                 SELECT id FROM {store.Tables.Sessions}
                 WHERE id > @after AND revoked_at IS NULL AND created_at < @began_before AND (created_at >= @since OR refreshed_at >= @since)
                 ORDER BY id LIMIT @limit
                 """,
                static reader => reader.GetGuid(0),
                token,
                ("@after", after ?? Guid.Empty),
                ("@began_before", beganBefore.UtcTicks),
                ("@since", since.UtcTicks),
                ("@limit", limit)).ConfigureAwait(false);
            return ids;
        },
        cancellationToken);
}
