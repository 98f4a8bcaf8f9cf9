using System.Data;
using System.Data.Common;
using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>
/// The app's database as the stores use it: a context of a scope of their own, for its connection alone. They track nothing and save nothing through it, so
/// that neither the app's pending changes nor its interceptors mix with theirs.
/// </summary>
internal sealed class StoreDatabase(IServiceScopeFactory scopes, Type contextType) : IDisposable
{
    /// <summary>With this state and the next the server says that it has rolled a transaction back in favour of another one.</summary>
    private const string SerializationFailure = "40001";

    private const string DeadlockDetected = "40P01";

    private readonly SemaphoreSlim _writers = new(1, 1);
    private StoreTables? _tables;
    private bool _isSqlite;

    /// <summary>The type of the app's context.</summary>
    public Type ContextType { get; } = contextType;

    /// <summary>Opens a context in a scope of its own.</summary>
    public StoreContext CreateContext()
    {
        var scope = scopes.CreateAsyncScope();
        var context = (DbContext)scope.ServiceProvider.GetRequiredService(ContextType);
        if (_tables is null)
        {
            _isSqlite = SqliteProvider.Is(context);
            _tables = StoreTables.From(context);
        }

        // The provider would wait for another process's lock as long as for any statement, 30 seconds, and block a thread.
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
    /// As <see cref="RunAsync{TResult}"/>, for statements that write. SQLite has one writer at a time: within the process they wait here, in order and off the
    /// threads, not in SQLite's own back-off, which blocks a thread and is fair to nobody.
    /// </summary>
    public async Task<TResult> WriteAsync<TResult>(Func<StoreContext, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        using var turn = await EnterWriterAsync(SqliteProvider.LockTimeout, cancellationToken).ConfigureAwait(false);
        return await RunAsync(work, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the turn to write, where the provider has one writer at a time.</summary>
    /// <param name="patience">For how long others may be before it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ends the turn when it is disposed.</returns>
    /// <exception cref="TimeoutException">The turn did not come in time.</exception>
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
            : throw new TimeoutException("The database has more to write than it can write in time.");
    }

    /// <summary>Runs statements in one transaction; it commits when <paramref name="work"/> answers true.</summary>
    /// <exception cref="SessionsUnavailableException">The commit failed, and whether it was made is not known.</exception>
    public Task<bool> RunInTransactionAsync(Func<StoreContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken) =>
        WriteAsync((store, token) => _isSqlite ? RunOnSqliteAsync(store, work, token) : RunOnServerAsync(store, work, token), cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _writers.Dispose();

    private static async Task<bool> RunOnServerAsync(StoreContext store, Func<StoreContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
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
    /// By statements: SQLite takes its lock as the transaction begins, and only a statement waits for it no longer than <see cref="SqliteProvider.LockTimeout"/>.
    /// </summary>
    private static async Task<bool> RunOnSqliteAsync(StoreContext store, Func<StoreContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
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
            // SQLite has rolled it back itself, or the connection is gone; what is told is what came first.
        }
    }

    /// <summary>
    /// Only a transaction of which it is certain that nothing was written may be tried again: the strategy would do a second time what a commit without an answer has done once.
    /// No strategy knows the exception that says so.
    /// </summary>
    private static async Task CommitAsync(Func<CancellationToken, Task> commit, CancellationToken cancellationToken)
    {
        try
        {
            await commit(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or DbException { SqlState: SerializationFailure or DeadlockDetected }))
        {
            throw new SessionsUnavailableException("The database failed at the commit: whether the change was made is not known. Look before it is made again.", exception);
        }
    }

    private sealed class Turn(SemaphoreSlim writers) : IDisposable
    {
        public void Dispose() => writers.Release();
    }
}
