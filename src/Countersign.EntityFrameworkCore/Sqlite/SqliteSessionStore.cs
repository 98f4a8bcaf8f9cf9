using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.EntityFrameworkCore.Sqlite;

/// <summary>
/// Sessions on SQLite. Transactions run on one connection that stays open with its statements prepared: a batch then costs little more than its flush.
/// Reads beside it take connections of their own, which WAL lets go on while a transaction commits.
/// </summary>
internal sealed class SqliteSessionStore(StoreDatabase database, JoinedAccounts accounts) : ISessionStore, IAsyncDisposable
{
    private SqliteSessionTransaction? _transaction;

    /// <inheritdoc />
    public async Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        // Longer than all others wait, who are refused first; and not longer, since the end of everybody's sessions may hold the turn for minutes.
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
            // The connection may be what failed: the next batch opens another.
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
    public async Task<RevokedUsers> RevokeAllUsersAsync(RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken)
    {
        // The whole file is this transaction's from its first statement: a batch is over before it, or begins after it.
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
