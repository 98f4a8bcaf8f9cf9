using System.Diagnostics.CodeAnalysis;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Countersign.EntityFrameworkCore;

/// <summary>Registers the services that all providers share.</summary>
internal static class StoreServices
{
    /// <summary>The members of a context's type that Entity Framework requires.</summary>
    public const DynamicallyAccessedMemberTypes ContextMembers =
        DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.NonPublicConstructors
        | DynamicallyAccessedMemberTypes.PublicProperties;

    /// <summary>Adds all stores except those of sessions and of the feed, for the database of a context. Existing registrations stay.</summary>
    public static void Add(IServiceCollection services, Type contextType)
    {
        services.TryAddSingleton(provider => new StoreDatabase(provider.GetRequiredService<IServiceScopeFactory>(), contextType));
        services.TryAddSingleton<JoinedAccounts>();
        services.TryAddSingleton<IJoinedAccounts>(static provider => provider.GetRequiredService<JoinedAccounts>());
        services.TryAddSingleton<IKeyStore, RelationalKeyStore>();
        services.TryAddSingleton<ISignInAttemptStore, RelationalSignInAttemptStore>();
        services.TryAddSingleton<ICleanupStore>(static provider => new RelationalCleanupStore(provider.GetRequiredService<StoreDatabase>()));

        // First, so that it runs before services that load from the database. These may be registered already.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StoreGuard>());
    }
}
