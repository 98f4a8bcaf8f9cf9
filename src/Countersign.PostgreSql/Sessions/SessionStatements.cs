using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Stores;

namespace Countersign.PostgreSql.Sessions;

/// <summary>
/// The statements of the session writer. Many rows are sent as one array for each column, so the number of statements does not depend on the number of rows.
/// </summary>
internal sealed class SessionStatements(StoreTables tables)
{
    private const string Live = "user_id = ANY($1) AND revoked_at IS NULL AND idle_expires_at > $2 AND expires_at > $2";

    /// <summary>Begins a transaction in which each statement sees what was committed before it.</summary>
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    /// <summary>Commits the transaction.</summary>
    public const string Commit = "COMMIT";

    /// <summary>Rolls back the transaction. If there is none, the server only sends a warning, which is ignored.</summary>
    public const string RollBack = "ROLLBACK";

    /// <summary>Wakes the listening nodes when the transaction commits.</summary>
    public const string Notify = $"SELECT pg_notify('{PostgreSqlProvider.FeedChannel}', '')";

    /// <summary>
    /// The version of the key table, the epoch and the number of the feed. It is read when the locks on sessions are held. A revocation of all sessions waits
    /// for these locks, so the epoch does not change before the commit. It is read before the accounts, see <see cref="FeedMark"/>.
    /// </summary>
    public string FindVersions { get; } = $"SELECT k.version, h.epoch, h.seq FROM {tables.KeyState} k, {tables.FeedHead} h WHERE k.id = 1 AND h.id = 1";

    /// <summary>
    /// Locks accounts without waiting. It returns each account and whether it was free. The lock is on the account's name, so it also works if there is no row
    /// yet. It ends with the transaction. $1: the accounts; $2: a number that keeps these locks apart from the app's.
    /// </summary>
    public string HoldAccounts { get; } = "SELECT held, pg_try_advisory_xact_lock(hashtextextended(held, $2)) FROM unnest($1) AS held";

    /// <summary>Locks rows by id ($1), in the order of ids. Rows that another transaction has locked are left out.</summary>
    public string Lock { get; } = $"SELECT {SessionColumns.All} FROM {tables.Sessions} WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED";

    /// <summary>Locks the live rows of accounts ($1) at an instant ($2), in the same way.</summary>
    public string LockLive { get; } = $"SELECT {SessionColumns.All} FROM {tables.Sessions} WHERE {Live} ORDER BY id FOR UPDATE SKIP LOCKED";

    /// <summary>The ids and accounts of those rows, locked or not. A row that is missing in the other result is locked by another node.</summary>
    public string FindLive { get; } = $"SELECT id, user_id FROM {tables.Sessions} WHERE {Live}";

    /// <summary>The ids ($1) that have a row, locked or not.</summary>
    public string Find { get; } = $"SELECT id FROM {tables.Sessions} WHERE id = ANY($1)";

    /// <summary>Inserts rows. Each column is a parameter, in the order of <see cref="SessionColumns.All"/>.</summary>
    public string Insert { get; } =
        $"""
         INSERT INTO {tables.Sessions} ({SessionColumns.All}, cleanup_at)
         SELECT {SessionColumns.All}, idle_expires_at
         FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) AS inserted ({SessionColumns.All})
         """;

    /// <summary>Updates the state of rows.</summary>
    public string Update { get; } =
        $"""
         UPDATE {tables.Sessions} AS session SET generation = next.generation, parent = next.parent, key_id = next.key_id, refreshed_at = next.refreshed_at,
         idle_expires_at = next.idle_expires_at, revoked_at = next.revoked_at, revoked_reason = next.revoked_reason
         FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS next (id, generation, parent, key_id, refreshed_at, idle_expires_at, revoked_at, revoked_reason)
         WHERE session.id = next.id
         """;

    /// <summary>Inserts lines into the audit table.</summary>
    public string Record { get; } =
        $"INSERT INTO {tables.Events} (id, at, kind, user_id, session_id, ip_address, detail) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";

    /// <summary>
    /// Appends to the feed: sessions ($1), reasons ($2), instants ($3). The update of the head's row locks it until the commit, so the order of numbers is the
    /// order of commits. This is the last statement that can wait.
    /// </summary>
    public string Revoke { get; } =
        $"""
         WITH head AS (UPDATE {tables.FeedHead} SET seq = seq + cardinality($1) WHERE id = 1 RETURNING seq)
         INSERT INTO {tables.Revocations} (seq, session_id, reason, revoked_at)
         SELECT head.seq - cardinality($1) + entry.place, entry.session_id, entry.reason, entry.revoked_at
         FROM head, unnest($1, $2, $3) WITH ORDINALITY AS entry (session_id, reason, revoked_at, place)
         """;

    /// <summary>Makes all access tokens stale. Like <see cref="Revoke"/>, it locks the head's row.</summary>
    public string MakeAllStale { get; } = $"UPDATE {tables.FeedHead} SET seq = seq + 1, stale_before = seq + 1 WHERE id = 1";

    /// <summary>
    /// After a slow commit: restarts the minimum rotation interval at an instant ($3), for the rows ($1) whose generation or parent is still the one that was
    /// written ($2).
    /// </summary>
    public string Touch { get; } =
        $"""
         UPDATE {tables.Sessions} AS session SET refreshed_at = $3 FROM unnest($1, $2) AS written (id, generation)
         WHERE session.id = written.id AND (session.generation = written.generation OR session.parent = written.generation) RETURNING session.id
         """;
}
