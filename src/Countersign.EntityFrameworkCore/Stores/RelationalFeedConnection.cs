using System.Data.Common;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>The part of a connection to the feed that all providers share. It keeps one connection to the database open during its whole life.</summary>
internal abstract class RelationalFeedConnection(StoreDatabase database, StoreContext store) : IFeedConnection
{
    private const string Columns = "seq, session_id, reason, revoked_at";

    /// <summary>The connection's context. It runs one statement at a time.</summary>
    protected StoreContext Store { get; } = store;

    /// <summary>An SQL expression for the database's clock, as a column that <see cref="ReadClock"/> can read.</summary>
    protected abstract string ClockColumn { get; }

    /// <inheritdoc />
    public async Task<FeedPage> LoadAsync(FeedPosition after, int limit, CancellationToken cancellationToken)
    {
        // Read the head first: later lines have a higher number, and the next read returns them.
        var head = await ReadHeadAsync(cancellationToken).ConfigureAwait(false);
        var entries = await Store.QueryAsync(
            $"""
             SELECT {Columns} FROM {Store.Tables.Revocations} WHERE revoked_at >= @time AND (revoked_at > @time OR seq > @seq)
             ORDER BY revoked_at, seq LIMIT @limit
             """,
            Read,
            cancellationToken,
            ("@time", after.RevokedAt.UtcTicks),
            ("@seq", after.Sequence),
            ("@limit", limit)).ConfigureAwait(false);
        return head with { Entries = entries };
    }

    /// <inheritdoc />
    public async Task<FeedPage> ReadAsync(long after, int limit, CancellationToken cancellationToken)
    {
        // Read the head first: numbers follow the order of commits, so the next statement sees every line up to the head.
        var head = await ReadHeadAsync(cancellationToken).ConfigureAwait(false);
        if (head.Head <= after)
        {
            return head;
        }

        var entries = await Store.QueryAsync(
            $"SELECT {Columns} FROM {Store.Tables.Revocations} WHERE seq > @after AND seq <= @head ORDER BY seq LIMIT @limit",
            Read,
            cancellationToken,
            ("@after", after),
            ("@head", head.Head),
            ("@limit", limit)).ConfigureAwait(false);
        return head with { Entries = entries };
    }

    /// <inheritdoc />
    public abstract Task WaitAsync(CancellationToken cancellationToken);

    /// <inheritdoc />
    public async Task<int> WriteBackAsync(IReadOnlyList<RevocationEntry> entries, FeedMark known, CancellationToken cancellationToken)
    {
        var written = 0;
        await database.RunInTransactionAsync(
            async (other, token) =>
            {
                written = await WriteBackAsync(other, entries, known, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return written;
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Reads the column of the clock.</summary>
    /// <returns>Null if this machine's clock is the only one.</returns>
    protected abstract DateTimeOffset? ReadClock(DbDataReader reader, int ordinal);

    /// <summary>Notifies the other nodes, within the transaction that has appended to the feed.</summary>
    protected abstract Task AnnounceAsync(StoreContext other, CancellationToken cancellationToken);

    private static RevocationEntry Read(DbDataReader reader) =>
        new(reader.GetInt64(0), reader.GetGuid(1), (RevocationReason?)reader.FindInt32(2), reader.GetInstant(3));

    private static (string Name, object? Value)[] Parameters(RevocationEntry entry) =>
        [("@id", entry.SessionId), ("@reason", (int)entry.Reason!), ("@revoked_at", entry.RevokedAt.UtcTicks)];

    private async Task<FeedPage> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var rows = await Store.QueryAsync(
            $"""
             SELECT h.seq, h.epoch, h.stale_before, k.version, {ClockColumn} FROM {Store.Tables.FeedHead} h, {Store.Tables.KeyState} k
             WHERE h.id = 1 AND k.id = 1
             """,
            reader => new FeedPage([], reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), ReadClock(reader, 4)),
            cancellationToken).ConfigureAwait(false);
        return rows.Count == 1
            ? rows[0]
            : throw new InvalidOperationException(
                "The feed's head row is missing. Countersign's migration inserts it: apply the migration, or insert id 1 and zeros.");
    }

    private async Task<int> WriteBackAsync(StoreContext other, IReadOnlyList<RevocationEntry> entries, FeedMark known, CancellationToken cancellationToken)
    {
        // Use the same order as the session writer: sessions in the order of their ids, then the head. The lock on the head's row guards the numbers. If two
        // nodes restore the same line, the second waits and then finds it.
        foreach (var entry in entries.OrderBy(static entry => entry.SessionId))
        {
            await other.ExecuteAsync(
                $"UPDATE {other.Tables.Sessions} SET revoked_at = @revoked_at, revoked_reason = @reason WHERE id = @id AND revoked_at IS NULL",
                cancellationToken,
                Parameters(entry)).ConfigureAwait(false);
        }

        await other.ExecuteAsync(
            $"""
             UPDATE {other.Tables.FeedHead} SET epoch = CASE WHEN epoch < @epoch THEN @epoch ELSE epoch END,
             stale_before = CASE WHEN seq < @known THEN @known + 1 ELSE stale_before END, seq = CASE WHEN seq < @known THEN @known + 1 ELSE seq END
             WHERE id = 1
             """,
            cancellationToken,
            ("@epoch", known.Epoch),
            ("@known", known.Revision)).ConfigureAwait(false);
        var written = 0;
        foreach (var entry in entries)
        {
            written += await other.ExecuteAsync(
                $"""
                 INSERT INTO {other.Tables.Revocations} ({Columns})
                 SELECT h.seq + @place, @id, @reason, @revoked_at FROM {other.Tables.FeedHead} h WHERE h.id = 1
                 AND NOT EXISTS (SELECT 1 FROM {other.Tables.Revocations} r WHERE r.revoked_at = @revoked_at AND r.session_id = @id AND r.reason IS NOT NULL)
                 """,
                cancellationToken,
                [.. Parameters(entry), ("@place", written + 1)]).ConfigureAwait(false);
        }

        await other.ExecuteAsync(
            $"UPDATE {other.Tables.FeedHead} SET seq = seq + @count WHERE id = 1", cancellationToken, ("@count", written)).ConfigureAwait(false);
        await AnnounceAsync(other, cancellationToken).ConfigureAwait(false);
        return written;
    }
}
