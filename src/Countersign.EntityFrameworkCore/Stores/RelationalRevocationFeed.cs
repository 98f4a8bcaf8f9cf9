using System.Data.Common;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Reads the revocation feed.</summary>
internal sealed class RelationalRevocationFeed(StoreDatabase database) : IRevocationFeed
{
    /// <inheritdoc />
    public Task<FeedPage> ReadAsync(long after, int limit, CancellationToken cancellationToken) => database.RunAsync(
        async (store, token) =>
        {
            // The head first: numbers are given in the order of commits, so every line up to it can be seen by the next statement.
            var head = await ReadHeadAsync(store, token).ConfigureAwait(false);
            if (head.Sequence <= after)
            {
                return new FeedPage([], head.Sequence, head.Epoch, head.KeyVersion);
            }

            var entries = await store.QueryAsync(
                $"SELECT seq, session_id, reason, revoked_at FROM {store.Tables.Revocations} WHERE seq > @after AND seq <= @head ORDER BY seq LIMIT @limit",
                Read,
                token,
                ("@after", after),
                ("@head", head.Sequence),
                ("@limit", limit)).ConfigureAwait(false);
            return new FeedPage(entries, head.Sequence, head.Epoch, head.KeyVersion);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<FeedPage> LoadAsync(DateTimeOffset since, CancellationToken cancellationToken) => database.RunAsync(
        async (store, token) =>
        {
            var head = await ReadHeadAsync(store, token).ConfigureAwait(false);

            // By time alone, and put in order here: asked for numbers too, SQLite reads the table from its first line, which every line ever written is in.
            // A line beyond the head is read once more by the next page.
            var entries = await store.QueryAsync(
                $"SELECT seq, session_id, reason, revoked_at FROM {store.Tables.Revocations} WHERE revoked_at >= @since",
                Read,
                token,
                ("@since", since.UtcTicks)).ConfigureAwait(false);
            entries.Sort(static (one, other) => one.Sequence.CompareTo(other.Sequence));
            return new FeedPage(entries, head.Sequence, head.Epoch, head.KeyVersion);
        },
        cancellationToken);

    private static async Task<(long Sequence, long Epoch, long KeyVersion)> ReadHeadAsync(StoreContext store, CancellationToken cancellationToken)
    {
        var rows = await store.QueryAsync(
            $"SELECT h.seq, h.epoch, k.version FROM {store.Tables.FeedHead} h, {store.Tables.KeyState} k WHERE h.id = 1 AND k.id = 1",
            static reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)),
            cancellationToken).ConfigureAwait(false);
        return rows.Count == 1 ? rows[0] : throw new InvalidOperationException("The feed's head row is missing: the tables were not made by Countersign's model.");
    }

    private static RevocationEntry Read(DbDataReader reader) =>
        new(reader.GetInt64(0), reader.GetGuid(1), (RevocationReason)reader.GetInt32(2), reader.GetInstant(3));
}
