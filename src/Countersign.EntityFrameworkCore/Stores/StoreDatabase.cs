using System.Data;
using System.Data.Common;
using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>
/// The app's database for the stores. They use only the connection of a context in a separate scope. They track no entities and do not call SaveChanges, so the
/// app's pending changes and interceptors never mix with theirs.
/// </summary>
internal sealed class StoreDatabase(IServiceScopeFactory scopes, Type contextType, StoreProvider provider) : IDisposable
{
    /// <summary>With this state and the next one, the server says that it has rolled a transaction back in favour of another.</summary>
    private const string SerializationFailure = "40001";

    private const string DeadlockDetected = "40P01";

    private readonly SemaphoreSlim _writers = new(1, 1);
    private StoreTables? _tables;
    private bool _isSqlite;

    /// <summary>The type of the app's context.</summary>
    public Type ContextType { get; } = contextType;

    /// <summary>Says that a context is not registered, and which call is missing.</summary>
    public static string NotRegistered(Type contextType) =>
        $"{contextType.Name} is not registered. Call builder.Services.AddDbContext<{contextType.Name}>(…) with a provider and a connection string.";

    /// <summary>Opens a context in a separate scope.</summary>
    /// <exception cref="InvalidOperationException">The context is not registered, or its model has no tables of Countersign.</exception>
    /// <exception cref="NotSupportedException">The context is on a provider that the registered stores are not for.</exception>
    public StoreContext CreateContext()
    {
        var scope = scopes.CreateAsyncScope();
        var context = (DbContext?)scope.ServiceProvider.GetService(ContextType)
            ?? throw new InvalidOperationException(NotRegistered(ContextType));
        if (_tables is null)
        {
            provider.Assert(context);
            _isSqlite = SqliteProvider.Is(context);
            _tables = StoreTables.From(context);
        }

        // By default the provider waits for another process's lock as long as for any statement, 30 seconds, and blocks a thread.
        return new StoreContext(scope, context, _tables, _isSqlite ? (int)SqliteProvider.LockTimeout.TotalSeconds : null);
    }

    /// <summary>Runs statements on one connection, inside the provider's execution strategy.</summary>
    public async Task<TResult> RunAsync<TResult>(Func<StoreContext, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        var store = CreateContext();
        await using (store.ConfigureAwait(false))
        {
            return await store.Context.Database.CreateExecutionStrategy().ExecuteAsync(
                async token =>
                {
                    await store.Context.Database.OpenConnectionAsync(token).ConfigureAwait(false);
                    try
                    {
                        return await work(store, token).ConfigureAwait(false);
                    }
                    finally
                    {
                        await store.Context.Database.CloseConnectionAsync().ConfigureAwait(false);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Like <see cref="RunAsync{TResult}"/>, for statements that write. SQLite has one writer at a time. Writers of this process wait here, in order and
    /// without a thread. SQLite's own wait would block a thread and has no order.
    /// </summary>
    public async Task<TResult> WriteAsync<TResult>(Func<StoreContext, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        using var turn = await EnterWriterAsync(SqliteProvider.LockTimeout, cancellationToken).ConfigureAwait(false);
        return await RunAsync(work, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the turn to write, if the provider has one writer at a time.</summary>
    /// <param name="patience">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A value that ends the turn when it is disposed.</returns>
    /// <exception cref="TimeoutException">The wait was too long.</exception>
    public async Task<IDisposable?> EnterWriterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_tables is null)
        {
            await CreateContext().DisposeAsync().ConfigureAwait(false);
        }

        if (!_isSqlite)
        {
            return null;
        }

        return await _writers.WaitAsync(patience, cancellationToken).ConfigureAwait(false)
            ? new Turn(_writers)
            : throw new TimeoutException("The database is too busy: the wait for the turn to write took too long.");
    }

    /// <summary>Runs statements in one transaction. It commits if <paramref name="work"/> returns true.</summary>
    /// <exception cref="SessionsUnavailableException">The commit failed, and it is unknown whether the change was made.</exception>
    public Task<bool> RunInTransactionAsync(Func<StoreContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken) =>
        WriteAsync((store, token) => _isSqlite ? RunOnSqliteAsync(store, work, token) : RunOnServerAsync(store, work, token), cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _writers.Dispose();

    private static async Task<bool> RunOnServerAsync(
        StoreContext store, Func<StoreContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        var transaction = await store.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            store.Transaction = transaction;
            try
            {
                if (!await work(store, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                await CommitAsync(transaction.CommitAsync, cancellationToken).ConfigureAwait(false);
                return true;
            }
            finally
            {
                store.Transaction = null;
            }
        }
    }

    /// <summary>
    /// Runs the transaction with SQL statements. SQLite takes its lock at the begin of the transaction, and only the wait of a statement is limited to
    /// <see cref="SqliteProvider.LockTimeout"/>.
    /// </summary>
    private static async Task<bool> RunOnSqliteAsync(
        StoreContext store, Func<StoreContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        await store.ExecuteAsync("BEGIN IMMEDIATE", cancellationToken).ConfigureAwait(false);
        var isOpen = true;
        try
        {
            if (!await work(store, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            await CommitAsync(token => store.ExecuteAsync("COMMIT", token), cancellationToken).ConfigureAwait(false);
            isOpen = false;
            return true;
        }
        finally
        {
            if (isOpen)
            {
                await RollBackAsync(store).ConfigureAwait(false);
            }
        }
    }

    private static async Task RollBackAsync(StoreContext store)
    {
        try
        {
            await store.ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // SQLite has rolled it back already, or the connection is lost. Report the first exception.
        }
    }

    /// <summary>
    /// Commits. The execution strategy may repeat a transaction only if it certainly wrote nothing: after a commit without an answer it could do the work
    /// twice. So such a failure gets an exception that no strategy knows.
    /// </summary>
    private static async Task CommitAsync(Func<CancellationToken, Task> commit, CancellationToken cancellationToken)
    {
        try
        {
            await commit(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or DbException { SqlState: SerializationFailure or DeadlockDetected }))
        {
            throw new SessionsUnavailableException(
                "The database failed at the commit: it is unknown whether the change was made. Check this before you make the change again.", exception);
        }
    }

    private sealed class Turn(SemaphoreSlim writers) : IDisposable
    {
        public void Dispose() => writers.Release();
    }
}
