using System.Data.Common;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Sqlite;

/// <summary>
/// The writer's connection with its prepared statements, for one transaction at a time. SQLite is synchronous, so no method here is asynchronous inside.
/// </summary>
internal sealed class SqliteSessionTransaction : ISessionTransaction, IAsyncDisposable
{
    private readonly StoreContext _store;
    private readonly JoinedAccounts _accounts;
    private readonly DbCommand _begin;
    private readonly DbCommand _commit;
    private readonly DbCommand _rollback;
    private readonly DbCommand _find;
    private readonly DbCommand _findLive;
    private readonly DbCommand _findVersions;
    private readonly DbCommand _insert;
    private readonly DbCommand _update;
    private readonly DbCommand _touch;
    private readonly DbCommand _advance;
    private readonly DbCommand _revoke;
    private readonly DbCommand _makeAllStale;
    private readonly DbCommand _record;
    private (DbCommand Row, DbCommand Roles)? _findAccount;

    private SqliteSessionTransaction(StoreContext store, JoinedAccounts accounts)
    {
        _store = store;
        _accounts = accounts;
        var tables = store.Tables;

        // IMMEDIATE takes the write lock before the first read. A transaction that begins with a read can fail at its first write, even if it waits.
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _find = Prepare($"SELECT {SessionColumns.All} FROM {tables.Sessions} WHERE id = @id", "@id");
        _findLive = Prepare(
            $"""
             SELECT {SessionColumns.All} FROM {tables.Sessions}
             WHERE user_id = @user_id AND revoked_at IS NULL AND idle_expires_at > @now AND expires_at > @now ORDER BY id
             """,
            "@user_id",
            "@now");
        _findVersions = Prepare($"SELECT k.version, h.epoch, h.seq FROM {tables.KeyState} k, {tables.FeedHead} h WHERE k.id = 1 AND h.id = 1");
        _insert = Prepare(
            $"INSERT INTO {tables.Sessions} ({SessionColumns.All}, cleanup_at) VALUES ({SessionColumns.AllParameters}, @idle_expires_at)",
            SessionColumns.AllParameters.Split(", "));
        _update = Prepare(
            $"""
             UPDATE {tables.Sessions} SET generation = @generation, parent = @parent, key_id = @key_id, refreshed_at = @refreshed_at,
             idle_expires_at = @idle_expires_at, revoked_at = @revoked_at, revoked_reason = @revoked_reason WHERE id = @id
             """,
            "@id",
            "@generation",
            "@parent",
            "@key_id",
            "@refreshed_at",
            "@idle_expires_at",
            "@revoked_at",
            "@revoked_reason");
        _touch = Prepare(
            $"UPDATE {tables.Sessions} SET refreshed_at = @now WHERE id = @id AND (generation = @generation OR parent = @generation)",
            "@id",
            "@generation",
            "@now");
        _advance = Prepare($"UPDATE {tables.FeedHead} SET seq = seq + @count WHERE id = 1 RETURNING seq", "@count");
        _revoke = Prepare(
            $"INSERT INTO {tables.Revocations} (seq, session_id, reason, revoked_at) VALUES (@seq, @session_id, @reason, @revoked_at)",
            "@seq",
            "@session_id",
            "@reason",
            "@revoked_at");
        _makeAllStale = Prepare($"UPDATE {tables.FeedHead} SET seq = seq + 1, stale_before = seq + 1 WHERE id = 1");
        _record = Prepare(
            $"""
             INSERT INTO {tables.Events} (id, at, kind, user_id, session_id, ip_address, detail)
             VALUES (@id, @at, @kind, @user_id, @session_id, @ip_address, @detail)
             """,
            "@id",
            "@at",
            "@kind",
            "@user_id",
            "@session_id",
            "@ip_address",
            "@detail");
    }

    /// <summary>Opens the connection.</summary>
    public static async Task<SqliteSessionTransaction> OpenAsync(StoreDatabase database, JoinedAccounts accounts, CancellationToken cancellationToken)
    {
        var store = database.CreateContext();
        try
        {
            await store.Context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return new SqliteSessionTransaction(store, accounts);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins a transaction and takes the write lock.</summary>
    public void Begin() => _begin.ExecuteNonQuery();

    /// <summary>Commits. With <c>synchronous=FULL</c> the changes are on the disk when this returns.</summary>
    public void Commit() => _commit.ExecuteNonQuery();

    /// <summary>
    /// Rolls back uncommitted changes. Closing the connection would not do so: the provider keeps it in its pool, with the transaction and its write lock.
    /// </summary>
    public void Rollback()
    {
        try
        {
            _rollback.ExecuteNonQuery();
        }
        catch (DbException)
        {
            // There is no transaction: it did not begin, or SQLite ended it, as it does when the disk is full.
        }
    }

    /// <inheritdoc />
    public Task<LoadedSessions> LoadAsync(
        IReadOnlyCollection<Guid> ids,
        IReadOnlyCollection<string> userIds,
        IReadOnlyCollection<object> accountKeys,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        List<Session> sessions = new(ids.Count);
        Action<DbDataReader> addRow = row => sessions.Add(SessionColumns.Read(row));
        foreach (var id in ids)
        {
            Set(_find, id);
            Read(_find, addRow);
        }

        Dictionary<string, IReadOnlyList<Session>> liveByUser = new(StringComparer.Ordinal);
        foreach (var userId in userIds)
        {
            List<Session> live = [];
            Set(_findLive, userId, now.UtcTicks);
            Read(_findLive, row => live.Add(SessionColumns.Read(row)));
            liveByUser.Add(userId, live);
        }

        using var versions = _findVersions.ExecuteReader();
        versions.Read();

        // No row can be busy: the whole file belongs to this transaction.
        return Task.FromResult(new LoadedSessions
        {
            Sessions = sessions,
            LiveByUser = liveByUser,
            AccountRows = accountKeys.ToDictionary(static key => key, FindAccount),
            KeyVersion = versions.GetInt64(0),
            Feed = new FeedMark(Epoch: versions.GetInt64(1), Revision: versions.GetInt64(2)),
        });
    }

    /// <inheritdoc />
    public Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken)
    {
        foreach (var session in changes.Inserted)
        {
            Insert(session);
        }

        foreach (var session in changes.Updated)
        {
            Update(session);
        }

        foreach (var line in changes.Events)
        {
            Set(_record, line.Id, line.At.UtcTicks, line.Kind, line.UserId, line.SessionId, line.IpAddress, line.Detail);
            _record.ExecuteNonQuery();
        }

        if (changes.Revocations.Count > 0)
        {
            AppendRevocations(changes.Revocations);
        }

        if (changes.MakesAllStale)
        {
            _makeAllStale.ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<IReadOnlySet<Guid>> TouchAsync(IReadOnlyDictionary<Guid, int> generations, DateTimeOffset now, CancellationToken cancellationToken)
    {
        HashSet<Guid> touched = [];
        foreach (var (id, generation) in generations)
        {
            Set(_touch, id, generation, now.UtcTicks);
            if (_touch.ExecuteNonQuery() == 1)
            {
                touched.Add(id);
            }
        }

        return Task.FromResult<IReadOnlySet<Guid>>(touched);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        DbCommand[] commands =
        [
            _begin, _commit, _rollback, _find, _findLive, _findVersions, _insert, _update, _touch, _advance, _revoke, _makeAllStale, _record,
            .. _findAccount is { } find ? (DbCommand[])[find.Row, find.Roles] : [],
        ];
        foreach (var command in commands)
        {
            await command.DisposeAsync().ConfigureAwait(false);
        }

        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private static void Read(DbCommand command, Action<DbDataReader> read)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            read(reader);
        }
    }

    private static void Set(DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    /// <summary>Reads an account. Only on this connection its pages stay in memory from one commit to the next.</summary>
    private AccountRow? FindAccount(object key)
    {
        var tables = _accounts.Tables;
        var (find, findRoles) = _findAccount ??= (
            Prepare($"SELECT {tables.Columns} FROM {tables.Users} WHERE {tables.Id} = @key", "@key"),
            Prepare($"SELECT {tables.RoleName} FROM {tables.Roles} WHERE {tables.RoleUserId} = @key", "@key"));
        AccountRow? account = null;
        Set(find, key);
        Read(find, row => account = tables.Read(row));
        if (account is not null)
        {
            Set(findRoles, key);
            Read(findRoles, row => account.AddRole(row.FindString(0)));
        }

        return account;
    }

    private void Insert(Session session)
    {
        var state = session.State;
        Set(
            _insert,
            session.Id,
            session.UserId,
            state.Generation,
            state.Parent,
            session.Salt.ToArray(),
            state.KeyId,
            session.Stamp.ToArray(),
            session.CreatedAt.UtcTicks,
            state.RefreshedAt?.UtcTicks,
            state.IdleExpiresAt.UtcTicks,
            session.ExpiresAt.UtcTicks,
            state.RevokedAt?.UtcTicks,
            (int?)state.RevokedReason,
            session.AuthenticatedAt.UtcTicks,
            string.Join(' ', session.Methods),
            session.UserAgent,
            session.IpAddress,
            session.Label);
        _insert.ExecuteNonQuery();
    }

    private void Update(Session session)
    {
        var state = session.State;
        Set(
            _update,
            session.Id,
            state.Generation,
            state.Parent,
            state.KeyId,
            state.RefreshedAt?.UtcTicks,
            state.IdleExpiresAt.UtcTicks,
            state.RevokedAt?.UtcTicks,
            (int?)state.RevokedReason);
        _update.ExecuteNonQuery();
    }

    private void AppendRevocations(IList<RevocationEntry> revocations)
    {
        Set(_advance, revocations.Count);
        var last = Convert.ToInt64(_advance.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < revocations.Count; i++)
        {
            var entry = revocations[i];
            Set(_revoke, last - revocations.Count + 1 + i, entry.SessionId, (int?)entry.Reason, entry.RevokedAt.UtcTicks);
            _revoke.ExecuteNonQuery();
        }
    }

    private DbCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _store.Command(sql);
        foreach (var parameter in parameters)
        {
            command.AddParameter(parameter);
        }

        return command;
    }
}
