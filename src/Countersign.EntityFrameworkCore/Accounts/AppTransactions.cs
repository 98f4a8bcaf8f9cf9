using System.Data.Common;
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

/// <summary>Sees the commits of the transactions that an app opens on the context of its accounts, or around it (<see cref="TransactionScope"/>).</summary>
internal sealed class AppTransactions : DbTransactionInterceptor, IAppTransactions
{
    private readonly ConditionalWeakTable<DbTransaction, List<Func<Task>>> _waiting = [];

    private AppTransactions()
    {
    }

    /// <summary>Shared by all contexts: the options of a context that is not pooled are built every time.</summary>
    public static AppTransactions Instance { get; } = new();

    /// <summary>Lets contexts report their commits: the sessions' context, and that of the accounts if the app has added Identity's stores before.</summary>
    public static void Watch(IServiceCollection services, Type contextType)
    {
        var contexts = services.Where(static service => service.ServiceType is { IsGenericType: true, FullName: { } name }
                && name.StartsWith("Microsoft.AspNetCore.Identity.IUserStore`1", StringComparison.Ordinal))
            .SelectMany(static service => service.ImplementationType?.GenericTypeArguments ?? [])
            .Where(static type => type.IsAssignableTo(typeof(DbContext)))
            .Append(contextType)
            .Distinct()
            .ToList();
        foreach (var context in contexts)
        {
            services.TryAddEnumerable(ServiceDescriptor.Singleton(
                typeof(IDbContextOptionsConfiguration<>).MakeGenericType(context), typeof(Configuration<>).MakeGenericType(context)));
        }

        services.TryAddSingleton<IAppTransactions>(Instance);
    }

    /// <inheritdoc />
    public bool IsOpen(object store) => Find(store) is not (null, null);

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
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData)
    {
        if (_waiting.TryGetValue(transaction, out _))
        {
            // The app has committed without a task, so it waits here without one. When its commit returns, the old tokens are refused.
            Task.Run(() => RunAsync(transaction)).GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc />
    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => RunAsync(transaction);

    private async Task RunAsync(DbTransaction transaction)
    {
        if (_waiting.TryGetValue(transaction, out var actions))
        {
            _waiting.Remove(transaction);
            foreach (var action in actions)
            {
                await action().ConfigureAwait(false);
            }
        }
    }

    private (DbTransaction? Own, Transaction? Ambient) Find(object store) =>
        ContextOf(store) is { } context && context.Database.IsRelational() && IsInstalled(context)
            ? (context.Database.CurrentTransaction?.GetDbTransaction(), context.Database.GetEnlistedTransaction() ?? Transaction.Current)
            : (null, null);

    /// <summary>The context of Identity's own stores; null for a store without one.</summary>
    private static DbContext? ContextOf(object store) => store.GetType().GetProperty("Context")?.GetValue(store) as DbContext;

    /// <summary>An app may build the options of its context itself. Then nothing sees its commits.</summary>
    private bool IsInstalled(DbContext context) =>
        context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.Interceptors?.Contains(this) is true;

    private sealed class Configuration<TContext> : IDbContextOptionsConfiguration<TContext>
        where TContext : DbContext
    {
        public void Configure(IServiceProvider serviceProvider, DbContextOptionsBuilder optionsBuilder) => optionsBuilder.AddInterceptors(Instance);
    }
}
