using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>
/// The app's database as the stores use it: a context of a scope of their own, for its connection alone. They track nothing and save nothing through it, so
/// that neither the app's pending changes nor its interceptors mix with theirs.
/// </summary>
internal sealed class StoreDatabase(IServiceScopeFactory scopes, Type contextType)
{
    private StoreTables? _tables;

    /// <summary>The type of the app's context.</summary>
    public Type ContextType { get; } = contextType;

    /// <summary>Opens a context in a scope of its own.</summary>
    public StoreContext CreateContext()
    {
        var scope = scopes.CreateAsyncScope();
        var context = (DbContext)scope.ServiceProvider.GetRequiredService(ContextType);
        _tables ??= StoreTables.From(context);
        return new StoreContext(scope, context, _tables);
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

    /// <summary>Runs statements in one transaction; it commits when <paramref name="work"/> answers true.</summary>
    public Task<bool> RunInTransactionAsync(Func<StoreContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken) =>
        RunAsync(
            async (store, token) =>
            {
                var transaction = await store.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    store.Transaction = transaction;
                    try
                    {
                        if (!await work(store, token).ConfigureAwait(false))
                        {
                            return false;
                        }

                        await transaction.CommitAsync(token).ConfigureAwait(false);
                        return true;
                    }
                    finally
                    {
                        store.Transaction = null;
                    }
                }
            },
            cancellationToken);
}
