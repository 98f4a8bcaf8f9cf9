using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.EntityFrameworkCore.Sqlite;

/// <summary>
/// Sessions on SQLite. Transactions use one connection that stays open with its statements prepared, so a batch takes little more time than its flush. Other
/// reads use other connections; in WAL mode they continue while a transaction commits.
/// </summary>
internal sealed class SqliteSessionStore(StoreDatabase database, JoinedAccounts accounts) : ISessionStore, IAsyncDisposable
{
    private SqliteSessionTransaction? _transaction;

    /// <inheritdoc />
    public async Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        // Longer than the wait of all other writers, which are refused first. But not longer: a revocation of all sessions may take minutes of the writer's
        // turn.
        using var turn = await database.EnterWriterAsync(SessionWriter.DecisionLimit, cancellationToken).ConfigureAwait(false);
        var transaction = _transaction ??= await SqliteSessionTransaction.OpenAsync(database, accounts, cancellationToken).ConfigureAwait(false);
        try
        {
            transaction.Begin();
            await work(transaction, cancellationToken).ConfigureAwait(false);
            transaction.Commit();
        }
        catch
        {
            // The connection may have caused the failure, so the next batch opens another.
            _transaction = null;
            transaction.Rollback();
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc />
    public Task<Session?> FindAsync(Guid id, CancellationToken cancellationToken) => SessionQueries.FindAsync(database, id, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<Session>> ListAsync(string userId, Guid? before, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        SessionQueries.ListAsync(database, userId, before, limit, now, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> FindAddressesAsync(string userId, int limit, CancellationToken cancellationToken) =>
        SessionQueries.FindAddressesAsync(database, userId, limit, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<Guid>> FindUsedSinceAsync(
        DateTimeOffset since, DateTimeOffset beganBefore, Guid? after, int limit, CancellationToken cancellationToken) =>
        SessionQueries.FindUsedSinceAsync(database, since, beganBefore, after, limit, cancellationToken);

    /// <inheritdoc />
    public Task<long> FindRevisionAsync(CancellationToken cancellationToken) => SessionQueries.FindRevisionAsync(database, cancellationToken);

    /// <inheritdoc />
    public async Task<RevokedUsers> RevokeAllUsersAsync(RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken)
    {
        // The whole file belongs to this transaction from its first statement. A batch ends before it or begins after it.
        RevokedUsers revoked = default;
        await database.RunInTransactionAsync(
            async (store, token) =>
            {
                revoked = await GlobalRevocation.RunAsync(store, reason, line, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return revoked;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_transaction is { } transaction)
        {
            _transaction = null;
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
    }
}
