using System.Diagnostics.CodeAnalysis;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Sqlite;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Countersign.EntityFrameworkCore;

/// <summary>Keeps Countersign's data in an app's own database.</summary>
public static class CountersignBuilderExtensions
{
    /// <summary>
    /// Keeps sessions, keys, revocations and sign-in attempts in the database of <typeparamref name="TContext"/>, whose model has called
    /// <see cref="CountersignModelBuilderExtensions.UseCountersign"/>. On SQLite every connection of the context gets <c>synchronous=FULL</c>, and the file is
    /// put into WAL mode at start.
    /// </summary>
    /// <typeparam name="TContext">The app's context, registered with <c>AddDbContext</c>.</typeparam>
    /// <param name="builder">What <c>AddCountersign</c> returned.</param>
    /// <returns>The same builder.</returns>
    public static CountersignBuilder AddEntityFrameworkStores<[DynamicallyAccessedMembers(ContextMembers)] TContext>(this CountersignBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.ConfigureDbContext<TContext>(static options => options.AddInterceptors(SqlitePragmas.Instance));
        services.TryAddSingleton(static provider => new StoreDatabase(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext)));
        services.TryAddSingleton<IAccountQueries, AccountQueries>();
        services.TryAddSingleton<IKeyStore, RelationalKeyStore>();
        services.TryAddSingleton<IRevocationFeed, SqliteRevocationFeed>();
        services.TryAddSingleton<ISignInAttemptStore, RelationalSignInAttemptStore>();
        services.TryAddSingleton<ISessionStore>(static provider => CreateSessionStore(provider.GetRequiredService<StoreDatabase>()));

        // Before the services that load from the database, which may have been registered already.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StoreGuard>());
        return builder;
    }

    private const DynamicallyAccessedMemberTypes ContextMembers =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties;

    private static SqliteSessionStore CreateSessionStore(StoreDatabase database)
    {
        using var store = database.CreateContext();
        return SqliteProvider.Is(store.Context)
            ? new SqliteSessionStore(database)
            : throw new NotSupportedException($"Sessions are kept on SQLite; the provider {store.Context.Database.ProviderName} is not supported yet.");
    }
}
