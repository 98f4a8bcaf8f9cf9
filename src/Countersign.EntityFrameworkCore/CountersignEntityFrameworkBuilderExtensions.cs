using System.Diagnostics.CodeAnalysis;
using Countersign.EntityFrameworkCore;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Sqlite;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stores Countersign's data in the app's database.</summary>
public static class CountersignEntityFrameworkBuilderExtensions
{
    /// <summary>
    /// Stores sessions, keys, revocations and sign-in attempts in the database of <typeparamref name="TContext"/>. Its model must call
    /// <see cref="CountersignModelBuilderExtensions.UseCountersign"/>. On SQLite every connection of the context gets <c>synchronous=FULL</c>,
    /// <c>secure_delete=ON</c> and a <c>busy_timeout</c> of 2 seconds, and the file is put into WAL mode at start. For PostgreSQL call <c>UsePostgreSql</c>, of
    /// the package Countersign.PostgreSql, on what is returned.
    /// </summary>
    /// <typeparam name="TContext">The app's context, registered with <c>AddDbContext</c>.</typeparam>
    /// <param name="builder">The result of <c>AddCountersign</c>.</param>
    /// <returns>The same builder.</returns>
    public static CountersignBuilder AddEntityFrameworkStores<[DynamicallyAccessedMembers(StoreServices.ContextMembers)] TContext>(
        this CountersignBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.ConfigureDbContext<TContext>(static options => options.AddInterceptors(SqlitePragmas.Instance));
        StoreServices.Add(builder, typeof(TContext));
        services.TryAddSingleton<IRevocationFeed, SqliteRevocationFeed>();
        services.TryAddSingleton<ISessionStore>(static provider =>
            new SqliteSessionStore(provider.GetRequiredService<StoreDatabase>(), provider.GetRequiredService<JoinedAccounts>()));
        return builder;
    }
}
