using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer;

/// <summary>The one way in which Countersign takes the place of a service of the platform.</summary>
internal static class StockServices
{
    /// <summary>Replaces the platform's implementation by ours, with the same lifetime. An implementation of the app stays.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="service">The type that services request.</param>
    /// <param name="ours">Our implementation.</param>
    /// <param name="stock">The platform's implementations.</param>
    public static void Replace(
        IServiceCollection services,
        Type service,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type ours,
        params ReadOnlySpan<Type> stock)
    {
        for (var index = 0; index < services.Count; index++)
        {
            if (services[index] is { IsKeyedService: false, ImplementationType: { } implementation } descriptor
                && descriptor.ServiceType == service
                && stock.Contains(implementation))
            {
                services[index] = ServiceDescriptor.Describe(service, ours, descriptor.Lifetime);
            }
        }
    }
}
