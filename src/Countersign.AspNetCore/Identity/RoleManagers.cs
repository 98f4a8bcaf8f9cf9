using Countersign.Bearer;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.AspNetCore.Identity;

/// <summary>The app's role managers. Their role types are known only from what the app has registered.</summary>
/// <param name="app">The app's registrations. It is read again at the start, because roles may be added after <c>AddCountersign</c>.</param>
internal sealed class RoleManagers(IServiceCollection app)
{
    /// <summary>Replaces the stock managers.</summary>
    public static void Replace(IServiceCollection services)
    {
        foreach (var manager in RegisteredIn(services))
        {
            StockServices.Replace(
                services,
                manager,
                typeof(CountersignRoleManager<>).MakeGenericType(manager.GenericTypeArguments),
                manager,
                typeof(AspNetRoleManager<>).MakeGenericType(manager.GenericTypeArguments));
            services.TryAddSingleton(typeof(RoleClaims), typeof(RoleClaims<>).MakeGenericType(manager.GenericTypeArguments));
        }
    }

    /// <summary>The app's role types.</summary>
    public IEnumerable<Type> RoleTypes => RegisteredIn(app).Select(static manager => manager.GenericTypeArguments[0]);

    /// <summary>Finds the types of managers that don't tell Countersign of changes.</summary>
    public IEnumerable<Type> Find(IServiceProvider services) =>
        from manager in RegisteredIn(app)
        let actual = services.GetRequiredService(manager).GetType()
        where !actual.IsAssignableTo(typeof(CountersignRoleManager<>).MakeGenericType(manager.GenericTypeArguments))
        select actual;

    private static List<Type> RegisteredIn(IServiceCollection services) =>
    [
        .. services.Select(static service => service.ServiceType)
            .Where(static type => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(RoleManager<>))
            .Distinct(),
    ];
}
