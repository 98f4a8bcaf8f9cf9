using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Npgsql;

namespace Countersign.PostgreSql.Sessions;

/// <summary>
/// Sessions on PostgreSQL. Transactions run on one connection that stays open with its statements prepared; one takes two round trips, however many commands
/// are in it: rows are loaded in the first, written and committed in the second.
/// </summary>
/// <remarks>
/// The context's own execution strategy is left out on purpose. One that tries again waits for up to half a minute in between, which is longer than any
/// command may wait to be decided; here the client is who comes again. Only what can succeed at once is tried once more, and only while it is
/// certain that nothing was committed.
/// </remarks>
internal sealed class PostgreSqlSessionStore(StoreDatabase database, JoinedAccounts accounts) : ISessionStore, IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SessionConnection? _connection;

    /// <inheritdoc />
    public async Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!await TryRunAsync(work, isLastTry: false, cancellationToken).ConfigureAwait(false))
            {
                await TryRunAsync(work, isLastTry: true, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
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
        RevokedUsers revoked = default;
        await database.RunInTransactionAsync(
            async (store, token) =>
            {
                // Waits for every transaction that has locked a session, and lets none begin before the commit: without it a login that has not committed yet is
                // not seen by the update, and would outlive it. Reads go on.
                await store.ExecuteAsync($"LOCK TABLE {store.Tables.Sessions} IN EXCLUSIVE MODE", token).ConfigureAwait(false);
                revoked = await GlobalRevocation.RunAsync(store, reason, line, token).ConfigureAwait(false);
                await store.QueryAsync(SessionStatements.Notify, static reader => reader.FieldCount, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return revoked;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _turn.Dispose();
    }

    /// <summary>Runs one transaction.</summary>
    /// <returns>False if it is worth another try; never on the last.</returns>
    private async Task<bool> TryRunAsync(Func<ISessionTransaction, CancellationToken, Task> work, bool isLastTry, CancellationToken cancellationToken)
    {
        PostgreSqlSessionTransaction? transaction = null;
        try
        {
            _connection ??= await SessionConnection.OpenAsync(database, accounts, cancellationToken).ConfigureAwait(false);
            transaction = new PostgreSqlSessionTransaction(_connection);
            await work(transaction, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            // A server that has answered leaves the connection as it was, and it is kept: while the pool is exhausted there might be no other for the next transaction.
            // Otherwise, whatever state it is in: closing it takes back what was not committed, and the next transaction opens another.
            if (_connection is { } connection
                && (exception is not PostgresException || PostgreSqlFailure.IsOfTheConnection(exception) || !await connection.TryRollBackAsync().ConfigureAwait(false)))
            {
                _connection = null;
                if (PostgreSqlFailure.IsOfTheConnection(exception))
                {
                    connection.ClearPool();
                }

                await connection.DisposeAsync().ConfigureAwait(false);
            }

            var isCertain = transaction is not { IsCommitting: true } || PostgreSqlFailure.IsConflict(exception);
            if (isLastTry || !isCertain || !PostgreSqlFailure.IsWorthAnotherTry(exception))
            {
                throw;
            }

            return false;
        }
    }
}
