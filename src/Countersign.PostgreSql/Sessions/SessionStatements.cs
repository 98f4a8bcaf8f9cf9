using Countersign.EntityFrameworkCore.Stores;

namespace Countersign.PostgreSql.Sessions;

/// <summary>The statements of the session writer. Many rows travel as one array a column, so that the number of statements does not depend on theirs.</summary>
internal sealed class SessionStatements(StoreTables tables)
{
    private const string Live = "user_id = ANY($1) AND revoked_at IS NULL AND idle_expires_at > $2 AND expires_at > $2";

    /// <summary>Begins a transaction in which each statement sees what was committed before it.</summary>
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    /// <summary>Commits it.</summary>
    public const string Commit = "COMMIT";

    /// <summary>Takes it back; a warning that nobody reads where there is none.</summary>
    public const string RollBack = "ROLLBACK";

    /// <summary>Wakes the nodes that listen, when the transaction commits.</summary>
    public const string Notify = $"SELECT pg_notify('{PostgreSqlProvider.FeedChannel}', '')";

    /// <summary>
    /// The version of the key table and the epoch. Asked last: the locks on sessions are taken then, which whoever ends everybody's waits for, so that the epoch
    /// stays the one that is read until the commit.
    /// </summary>
    public string FindVersions { get; } = $"SELECT k.version, h.epoch FROM {tables.KeyState} k, {tables.FeedHead} h WHERE k.id = 1 AND h.id = 1";

    /// <summary>
    /// Takes accounts, without waiting: account and whether it was free. The lock is on the account's name, so that it holds also before there is any row; it goes
    /// with the transaction. $1: the accounts; $2: a number that keeps these locks apart from others of the app's.
    /// </summary>
    public string HoldAccounts { get; } = "SELECT held, pg_try_advisory_xact_lock(hashtextextended(held, $2)) FROM unnest($1) AS held";

    /// <summary>Rows by id ($1), locked in the order of ids; those that another transaction has locked are left out.</summary>
    public string Lock { get; } = $"SELECT {SessionColumns.All} FROM {tables.Sessions} WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED";

    /// <summary>Live rows of accounts ($1) at an instant ($2), locked likewise.</summary>
    public string LockLive { get; } = $"SELECT {SessionColumns.All} FROM {tables.Sessions} WHERE {Live} ORDER BY id FOR UPDATE SKIP LOCKED";

    /// <summary>The ids of those rows and their accounts, locked or not: what differs is in another node's hands.</summary>
    public string FindLive { get; } = $"SELECT id, user_id FROM {tables.Sessions} WHERE {Live}";

    /// <summary>Which of these ids ($1) have a row, locked or not.</summary>
    public string Find { get; } = $"SELECT id FROM {tables.Sessions} WHERE id = ANY($1)";

    /// <summary>New rows, a column a parameter, in the order of <see cref="SessionColumns.All"/>.</summary>
    public string Insert { get; } =
        $"""
         INSERT INTO {tables.Sessions} ({SessionColumns.All}, cleanup_at)
         SELECT {SessionColumns.All}, idle_expires_at
         FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) AS inserted ({SessionColumns.All})
         """;

    /// <summary>New states of rows.</summary>
    public string Update { get; } =
        $"""
         UPDATE {tables.Sessions} AS session SET generation = next.generation, parent = next.parent, key_id = next.key_id, refreshed_at = next.refreshed_at,
         idle_expires_at = next.idle_expires_at, revoked_at = next.revoked_at, revoked_reason = next.revoked_reason
         FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS next (id, generation, parent, key_id, refreshed_at, idle_expires_at, revoked_at, revoked_reason)
         WHERE session.id = next.id
         """;

    /// <summary>Lines of the audit table.</summary>
    public string Record { get; } =
        $"INSERT INTO {tables.Events} (id, at, kind, user_id, session_id, ip_address, detail) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";

    /// <summary>
    /// Appends to the feed: sessions ($1), reasons ($2), instants ($3). Updating the head's one row is the lock under which numbers are given, held until the
    /// commit, so that the order of commits is the order of numbers: this is the last statement that can wait.
    /// </summary>
    public string Revoke { get; } =
        $"""
         WITH head AS (UPDATE {tables.FeedHead} SET seq = seq + cardinality($1) WHERE id = 1 RETURNING seq)
         INSERT INTO {tables.Revocations} (seq, session_id, reason, revoked_at)
         SELECT head.seq - cardinality($1) + entry.place, entry.session_id, entry.reason, entry.revoked_at
         FROM head, unnest($1, $2, $3) WITH ORDINALITY AS entry (session_id, reason, revoked_at, place)
         """;

    /// <summary>After a slow commit: rows ($1) whose generation or parent is still the one that was written ($2) begin their stand at an instant ($3).</summary>
    public string Touch { get; } =
        $"""
         UPDATE {tables.Sessions} AS session SET refreshed_at = $3 FROM unnest($1, $2) AS written (id, generation)
         WHERE session.id = written.id AND (session.generation = written.generation OR session.parent = written.generation) RETURNING session.id
         """;
}
