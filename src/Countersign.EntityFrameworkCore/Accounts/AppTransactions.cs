using System.Data.Common;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Transactions;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>
/// Sees the commits of the transactions that an app opens on the context of its accounts, or around it (<see cref="TransactionScope"/>). It watches all
/// contexts of the app, because one context can join the transaction of another, and the other one commits it.
/// </summary>
internal sealed class AppTransactions : DbTransactionInterceptor, IAppTransactions
{
    /// <summary>How many accounts are told of at once after a commit. The session writer takes them together.</summary>
    private const int Parallel = 64;

    // A provider may use the object of an ended transaction for the next one on the same connection. So what waits is dropped when a transaction begins, and
    // when it is rolled back.
    private readonly ConditionalWeakTable<DbTransaction, List<Func<Task>>> _waiting = [];

    private AppTransactions()
    {
    }

    /// <summary>Shared by all contexts: the options of a context that is not pooled are built every time.</summary>
    public static AppTransactions Instance { get; } = new();

    /// <summary>Lets every context that is registered with the app's services report its commits, whatever the order of registration.</summary>
    public static void Watch(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton(typeof(IDbContextOptionsConfiguration<>), typeof(Configuration<>)));
        services.TryAddSingleton<IAppTransactions>(Instance);
    }

    /// <inheritdoc />
    public bool IsOpen(object store) => Find(store) is not (null, null);

    /// <inheritdoc />
    public bool IsHidden(object store) =>
        ContextOf(store) is { } context && context.Database.IsRelational() && context.Database.CurrentTransaction is not null && !IsInstalled(context);

    /// <inheritdoc />
    public bool TryRunAfterCommit(object store, Func<Task> action)
    {
        var (transaction, ambient) = Find(store);
        if (transaction is not null)
        {
            _waiting.GetOrCreateValue(transaction).Add(action);
            return true;
        }

        if (ambient is null)
        {
            return false;
        }

        ambient.TransactionCompleted += (_, completed) =>
        {
            if (completed.Transaction?.TransactionInformation.Status is TransactionStatus.Committed)
            {
                // The platform has no asynchronous event for this, and must not wait for a database in a synchronous one.
                _ = Task.Run(action);
            }
        };
        return true;
    }

    /// <inheritdoc />
    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        _waiting.Remove(result);
        return result;
    }

    /// <inheritdoc />
    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        _waiting.Remove(result);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc />
    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => _waiting.Remove(transaction);

    /// <inheritdoc />
    public override Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _waiting.Remove(transaction);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData)
    {
        if (Take(transaction) is { } actions)
        {
            // The app has committed without a task, so it waits here without one. When its commit returns, the old tokens are refused.
            Task.Run(() => RunAsync(actions)).GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc />
    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        Take(transaction) is { } actions ? RunAsync(actions) : Task.CompletedTask;

    private static Task RunAsync(List<Func<Task>> actions) => System.Threading.Tasks.Parallel.ForEachAsync(
        actions, new ParallelOptions { MaxDegreeOfParallelism = Parallel }, static async (action, _) => await action().ConfigureAwait(false));

    private List<Func<Task>>? Take(DbTransaction transaction)
    {
        if (!_waiting.TryGetValue(transaction, out var actions))
        {
            return null;
        }

        _waiting.Remove(transaction);
        return actions;
    }

    private (DbTransaction? Own, Transaction? Ambient) Find(object store) =>
        ContextOf(store) is { } context && context.Database.IsRelational() && IsInstalled(context)
            ? (context.Database.CurrentTransaction?.GetDbTransaction(), context.Database.GetEnlistedTransaction() ?? Transaction.Current)
            : (null, null);

    /// <summary>The context of Identity's own stores; null for a store without one.</summary>
    private static DbContext? ContextOf(object store)
    {
        // An app's store may hide the property by one of another type, so the one that is nearest to the store counts.
        for (var type = store.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetProperty("Context", BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly) is { } property)
            {
                return property.GetValue(store) as DbContext;
            }
        }

        return null;
    }

    /// <summary>An app may build the options of its context itself. Then nothing sees its commits.</summary>
    private bool IsInstalled(DbContext context) =>
        context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.Interceptors?.Contains(this) is true;

    private sealed class Configuration<TContext> : IDbContextOptionsConfiguration<TContext>
        where TContext : DbContext
    {
        public void Configure(IServiceProvider serviceProvider, DbContextOptionsBuilder optionsBuilder) => optionsBuilder.AddInterceptors(Instance);
    }
}
