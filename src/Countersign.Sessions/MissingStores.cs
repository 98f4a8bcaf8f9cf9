using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.Sessions;

/// <summary>
/// Takes the place of the stores until a package with stores is added. If none is, the host stops with one message that names the missing call. Without this
/// the container would report each service that needs a store.
/// </summary>
internal static class MissingStores
{
    private static readonly Func<IServiceProvider, object> Fault = static _ => throw new InvalidOperationException(
        "Countersign has no database for its sessions: a call of AddEntityFrameworkStores is missing. Write services.AddCountersign<TUser, TContext>(), or " +
        "services.AddCountersign<TUser>().AddEntityFrameworkStores<TContext>(), with the app's user type and context.");

    /// <summary>Registers the fault in the place of each store that is not registered.</summary>
    public static void Add(IServiceCollection services)
    {
        foreach (var type in (ReadOnlySpan<Type>)
        [
            typeof(IKeyStore), typeof(ISessionStore), typeof(IRevocationFeed), typeof(ISignInAttemptStore), typeof(ICleanupStore), typeof(ILeaseStore),
            typeof(IOutboxStore), typeof(IMailTokenStore),
        ])
        {
            services.TryAdd(ServiceDescriptor.Singleton(type, Fault));
        }
    }

    /// <summary>Makes room for stores. What others have registered stays.</summary>
    public static void Remove(IServiceCollection services)
    {
        for (var index = services.Count - 1; index >= 0; index--)
        {
            if (!services[index].IsKeyedService && services[index].ImplementationFactory == Fault)
            {
                services.RemoveAt(index);
            }
        }
    }
}
