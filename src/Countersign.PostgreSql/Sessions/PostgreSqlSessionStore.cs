using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Npgsql;

namespace Countersign.PostgreSql.Sessions;

/// <summary>
/// Sessions on PostgreSQL. Transactions use one connection that stays open with its statements prepared. A transaction takes two round trips, with any number
/// of commands: the first loads the rows, the second writes and commits.
/// </summary>
/// <remarks>
/// The context's execution strategy is not used. A retrying strategy waits for up to half a minute between tries, which is longer than a command may wait. Here
/// the client tries again instead. The store itself makes one more try, only if it can succeed at once, and only while certainly nothing was committed.
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
    public Task<long> FindRevisionAsync(CancellationToken cancellationToken) => SessionQueries.FindRevisionAsync(database, cancellationToken);

    /// <inheritdoc />
    public async Task<RevokedUsers> RevokeAllUsersAsync(RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken)
    {
        RevokedUsers revoked = default;
        await database.RunInTransactionAsync(
            async (store, token) =>
            {
                // Waits for every transaction that has locked a session, and lets none begin before the commit. Without it, the update would not see a login
                // that has not committed yet, and that session would survive. Reads continue.
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
    /// <returns>False if another try is worthwhile; never on the last try.</returns>
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
            // After an answer of the server the connection is still good and is kept: while the pool is exhausted, the next transaction might get no other.
            // After any other failure its state is unknown. Closing it rolls back uncommitted changes, and the next transaction opens another.
            if (_connection is { } connection
                && (exception is not PostgresException
                    || PostgreSqlFailure.IsOfTheConnection(exception)
                    || !await connection.TryRollBackAsync().ConfigureAwait(false)))
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
