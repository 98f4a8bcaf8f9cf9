using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Npgsql;

namespace Countersign.PostgreSql.Sessions;

/// <summary>One transaction. It begins with the first batch. The last batch writes its changes and commits.</summary>
internal sealed class PostgreSqlSessionTransaction(SessionConnection connection) : ISessionTransaction
{
    /// <summary>"counters" in ASCII. It keeps the locks on accounts apart from the app's advisory locks.</summary>
    private const long AccountLockSeed = 0x636F756E74657273;

    /// <summary>
    /// Loading never waits for a row, and for a table at most the lock time-out. If the server is silent for one more second, it is considered down.
    /// </summary>
    private static readonly TimeSpan LoadTimeout = PostgreSqlProvider.LockTimeout + TimeSpan.FromSeconds(1);

    /// <summary>A commit may take longer than a decision. Its clients try again, and the rotation table finds out whether it was written.</summary>
    private static readonly TimeSpan CommitTimeout = SessionWriter.DecisionLimit;

    private readonly SessionStatements _statements = connection.Statements;
    private SessionChanges? _changes;
    private bool _hasBegun;

    /// <summary>Whether the last batch has been sent. After that, a failure does not show whether the transaction was committed.</summary>
    public bool IsCommitting { get; private set; }

    /// <inheritdoc />
    public async Task<LoadedSessions> LoadAsync(
        IReadOnlyCollection<Guid> ids,
        IReadOnlyCollection<string> userIds,
        IReadOnlyCollection<object> accountKeys,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var accounts = accountKeys.Count > 0 ? connection.AccountStatements : null;
        var read = new LoadReading(ids, userIds, accountKeys, accounts?.Tables);
        var batch = CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            if (userIds.Count > 0)
            {
                batch.Add(_statements.HoldAccounts, userIds.ToArray(), AccountLockSeed);
            }

            if (ids.Count > 0)
            {
                batch.Add(_statements.Lock, ids.ToArray());
            }

            if (userIds.Count > 0)
            {
                batch.Add(_statements.LockLive, userIds.ToArray(), now.UtcTicks);
                batch.Add(_statements.FindLive, userIds.ToArray(), now.UtcTicks);
            }

            // After the rows: if an account was changed before its sessions, its current state is read.
            batch.Add(_statements.FindVersions);
            if (accounts is not null)
            {
                var keys = accounts.Parameter(accountKeys);
                batch.Add(accounts.Rows, keys);
                batch.Add(accounts.Roles, keys);
            }

            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await read.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
            }
        }

        if (read.Missing is { Length: > 0 } missing)
        {
            read.Busy(await QueryIdsAsync(_statements.Find, cancellationToken, missing).ConfigureAwait(false));
        }

        return read.ToLoaded();
    }

    /// <inheritdoc />
    public Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken)
    {
        // Together with the commit, in one round trip.
        _changes = changes;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<IReadOnlySet<Guid>> TouchAsync(IReadOnlyDictionary<Guid, int> generations, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // In the order of ids, like every other writer. This is the only statement on sessions that waits for a row.
        var rows = generations.OrderBy(static row => row.Key).ToArray();
        return await QueryIdsAsync(
            _statements.Touch,
            cancellationToken,
            rows.Select(static row => row.Key).ToArray(),
            rows.Select(static row => row.Value).ToArray(),
            now.UtcTicks).ConfigureAwait(false);
    }

    /// <summary>Writes the changes and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun && _changes is null)
        {
            return;
        }

        var batch = CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Timeout = (int)CommitTimeout.TotalSeconds;
            if (_changes is not null)
            {
                Write(batch, _changes);
            }

            batch.Add(SessionStatements.Commit);
            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
            IsCommitting = true;

            // After an error in any statement the server skips the rest, including COMMIT.
            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Write(NpgsqlBatch batch, SessionChanges changes)
    {
        if (changes.Inserted.Count > 0)
        {
            batch.Add(_statements.Insert, SessionArrays.Inserted(changes.Inserted));
        }

        if (changes.Updated.Count > 0)
        {
            batch.Add(_statements.Update, SessionArrays.Updated(changes.Updated));
        }

        if (changes.Events.Count > 0)
        {
            batch.Add(_statements.Record, SessionArrays.Events(changes.Events));
        }

        if (changes.Revocations.Count > 0 || changes.MakesAllStale)
        {
            batch.Add(SessionStatements.Notify);
        }

        if (changes.Revocations.Count > 0)
        {
            batch.Add(_statements.Revoke, SessionArrays.Revocations(changes.Revocations));
        }

        if (changes.MakesAllStale)
        {
            batch.Add(_statements.MakeAllStale);
        }
    }

    private async Task<HashSet<Guid>> QueryIdsAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        var batch = CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Timeout = (int)CommitTimeout.TotalSeconds;
            batch.Add(sql, values);
            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                HashSet<Guid> ids = [];
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    ids.Add(reader.GetGuid(0));
                }

                return ids;
            }
        }
    }

    private NpgsqlBatch CreateBatch()
    {
        var batch = connection.CreateBatch(LoadTimeout);
        if (!_hasBegun)
        {
            batch.Add(SessionStatements.Begin);
            _hasBegun = true;
        }

        return batch;
    }
}
