using System.Diagnostics.CodeAnalysis;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.EntityFrameworkCore;

/// <summary>Registers the services that all providers share.</summary>
internal static class StoreServices
{
    /// <summary>The members of a context's type that Entity Framework requires.</summary>
    public const DynamicallyAccessedMemberTypes ContextMembers =
        DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.NonPublicConstructors
        | DynamicallyAccessedMemberTypes.PublicProperties;

    /// <summary>Adds the stores but those of sessions and of the feed, on the database of a context. What is registered already stays.</summary>
    public static void Add(CountersignBuilder builder, Type contextType)
    {
        var services = builder.Services;
        builder.ContextType = contextType;
        MissingStores.Remove(services);
        services.TryAddSingleton(StoreProvider.ForSqlite);
        services.TryAddSingleton(provider => new StoreDatabase(
            provider.GetRequiredService<IServiceScopeFactory>(), contextType, provider.GetRequiredService<StoreProvider>()));
        AppTransactions.Watch(services);
        services.TryAddSingleton<JoinedAccounts>();
        services.TryAddSingleton<IJoinedAccounts>(static provider => provider.GetRequiredService<JoinedAccounts>());
        services.TryAddSingleton<IKeyStore, RelationalKeyStore>();
        services.TryAddSingleton<ISignInAttemptStore, RelationalSignInAttemptStore>();
        services.TryAddSingleton<ILeaseStore, RelationalLeaseStore>();
        services.TryAddSingleton<IOutboxStore, RelationalOutboxStore>();
        services.TryAddSingleton<IMailTokenStore, RelationalMailTokenStore>();
        services.TryAddSingleton<ICleanupStore>(static provider => new RelationalCleanupStore(provider.GetRequiredService<StoreDatabase>()));

        RequireContext(services, contextType);
        services.AddDatabaseCheck<StoreGuard>();
    }

    /// <summary>
    /// Checks at the start, before anything needs the context, that it is registered. Otherwise the container would report the first service that needs it.
    /// </summary>
    private static void RequireContext(IServiceCollection services, Type contextType)
    {
        services.AddOptions<ContextRegistration>()
            .Validate<IServiceProvider>(
                (_, provider) => provider.GetService<IServiceProviderIsService>()?.IsService(contextType) is not false,
                StoreDatabase.NotRegistered(contextType))
            .CheckAtStart();
    }

    /// <summary>Has no settings: the host checks it at the start.</summary>
    private sealed class ContextRegistration;
}
