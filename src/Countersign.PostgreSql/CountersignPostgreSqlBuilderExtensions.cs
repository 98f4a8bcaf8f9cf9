using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.PostgreSql;
using Countersign.PostgreSql.Feed;
using Countersign.PostgreSql.Sessions;
using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stores Countersign's data in the app's PostgreSQL database, which many nodes may share.</summary>
public static class CountersignPostgreSqlBuilderExtensions
{
    /// <summary>
    /// Stores sessions, keys, revocations and sign-in attempts in PostgreSQL instead of SQLite. The database is that of the context that
    /// <c>AddCountersign&lt;TUser, TContext&gt;</c> or <c>AddEntityFrameworkStores</c> was given. PostgreSQL 14 or later.
    /// </summary>
    /// <remarks>
    /// The context must be registered with <c>UseNpgsql</c>. Each node keeps two connections of it open: one writes to sessions, and one receives revocations.
    /// </remarks>
    /// <param name="builder">The result of <c>AddCountersign</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">No context is known: <c>AddEntityFrameworkStores</c> was not called.</exception>
    public static CountersignBuilder UsePostgreSql(this CountersignBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ContextType is null)
        {
            throw new InvalidOperationException(
                "UsePostgreSql() does not know the context. Call AddCountersign<TUser, TContext>(), or AddEntityFrameworkStores<TContext>(), before it.");
        }

        var services = builder.Services;
        services.RemoveAll<ICleanupStore>();
        services.RemoveAll<ISessionStore>();
        services.RemoveAll<IRevocationFeed>();
        services.Replace(ServiceDescriptor.Singleton(StoreProvider.ForPostgreSql));
        services.AddSingleton<ICleanupStore>(
            static provider => new RelationalCleanupStore(provider.GetRequiredService<StoreDatabase>(), " FOR UPDATE SKIP LOCKED"));
        services.AddSingleton<ISessionStore>(static provider =>
            new PostgreSqlSessionStore(provider.GetRequiredService<StoreDatabase>(), provider.GetRequiredService<JoinedAccounts>()));
        services.AddSingleton<IRevocationFeed, PostgreSqlRevocationFeed>();

        // Before the check of the tables: if the server is wrong, report that first.
        services.AddDatabaseCheck<PostgreSqlGuard>();
        return builder;
    }
}
