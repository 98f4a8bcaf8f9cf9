using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>Puts something of a test's before a service.</summary>
internal static class ServiceDecoration
{
    /// <summary>Registers what wraps the one service that is registered. Whoever wraps it disposes of it.</summary>
    public static void Decorate<TService>(this IServiceCollection services, Func<TService, TService> wrap)
        where TService : class
    {
        var registered = services.Single(static service => service.ServiceType == typeof(TService));
        services.Remove(registered);
        services.AddSingleton(provider => wrap((TService)(registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!))));
    }
}
