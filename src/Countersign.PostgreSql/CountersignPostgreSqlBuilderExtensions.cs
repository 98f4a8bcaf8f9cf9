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
    /// Keeps sessions, keys, revocations and sign-in attempts in the PostgreSQL database of the context that <c>AddCountersign&lt;TUser, TContext&gt;</c> or
    /// <c>AddEntityFrameworkStores</c> was given. PostgreSQL 14 or later.
    /// </summary>
    /// <remarks>
    /// The context is registered with <c>UseNpgsql</c>, and its model has called <c>UseCountersign</c>. Each node keeps two connections of the context open: one
    /// for what it writes to sessions, and one on which it hears of revocations.
    /// </remarks>
    /// <param name="builder">What <c>AddCountersign</c> returned.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">No context is known.</exception>
    public static CountersignBuilder UsePostgreSql(this CountersignBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return AddStores(builder, builder.ContextType ?? throw new InvalidOperationException(
            "UsePostgreSql() does not know the context. Call AddCountersign<TUser, TContext>() before it, or AddPostgreSqlStores<TContext>() instead of it."));
    }

    /// <summary>As <see cref="UsePostgreSql"/>, for an app that adds Countersign by its parts: it names the context.</summary>
    /// <typeparam name="TContext">The app's context, registered with <c>AddDbContext</c> and <c>UseNpgsql</c>.</typeparam>
    /// <param name="builder">The result of <c>AddCountersign</c>.</param>
    /// <returns>The same builder.</returns>
    public static CountersignBuilder AddPostgreSqlStores<[DynamicallyAccessedMembers(StoreServices.ContextMembers)] TContext>(this CountersignBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        return AddStores(builder, typeof(TContext));
    }

    private static CountersignBuilder AddStores(CountersignBuilder builder, Type contextType)
    {
        var services = builder.Services;

        // In the place of those for SQLite, where these have been added first.
        services.RemoveAll<ICleanupStore>();
        services.RemoveAll<ISessionStore>();
        services.RemoveAll<IRevocationFeed>();
        services.AddSingleton<ICleanupStore>(static provider => new RelationalCleanupStore(provider.GetRequiredService<StoreDatabase>(), " FOR UPDATE SKIP LOCKED"));
        services.AddSingleton<ISessionStore>(static provider =>
            new PostgreSqlSessionStore(provider.GetRequiredService<StoreDatabase>(), provider.GetRequiredService<JoinedAccounts>()));
        services.AddSingleton<IRevocationFeed, PostgreSqlRevocationFeed>();
        StoreServices.Add(builder, contextType);

        // Before the check of the tables: a wrong server is reported before what it lacks.
        if (!services.Any(static service => service.ImplementationType == typeof(PostgreSqlGuard)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, PostgreSqlGuard>());
        }

        return builder;
    }
}
