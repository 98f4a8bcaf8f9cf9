using System.Diagnostics.CodeAnalysis;
using Countersign.EntityFrameworkCore;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.PostgreSql;
using Countersign.PostgreSql.Feed;
using Countersign.PostgreSql.Sessions;
using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stores Countersign's data in the app's PostgreSQL database, which many nodes may share.</summary>
public static class CountersignPostgreSqlBuilderExtensions
{
    /// <summary>
    /// Stores sessions, keys, revocations and sign-in attempts in the PostgreSQL database of <typeparamref name="TContext"/>. Its model must call
    /// <c>UseCountersign</c>. Each node keeps two connections of the context open: one writes to sessions, and one receives revocations.
    /// </summary>
    /// <typeparam name="TContext">The app's context, registered with <c>AddDbContext</c> and <c>UseNpgsql</c>.</typeparam>
    /// <param name="builder">The result of <c>AddCountersign</c>.</param>
    /// <returns>The same builder.</returns>
    public static CountersignBuilder AddPostgreSqlStores<[DynamicallyAccessedMembers(StoreServices.ContextMembers)] TContext>(this CountersignBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<ICleanupStore>(
            static provider => new RelationalCleanupStore(provider.GetRequiredService<StoreDatabase>(), " FOR UPDATE SKIP LOCKED"));
        StoreServices.Add(builder.Services, typeof(TContext));
        builder.Services.TryAddSingleton<ISessionStore>(static provider =>
            new PostgreSqlSessionStore(provider.GetRequiredService<StoreDatabase>(), provider.GetRequiredService<JoinedAccounts>()));
        builder.Services.TryAddSingleton<IRevocationFeed, PostgreSqlRevocationFeed>();

        // Before the check of the tables: if the server is wrong, report that first.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, PostgreSqlGuard>());
        return builder;
    }
}
