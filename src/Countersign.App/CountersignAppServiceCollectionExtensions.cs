using System.Diagnostics.CodeAnalysis;
using Countersign.AspNetCore;
using Countersign.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Identity, its stores and Countersign to an app with one call.</summary>
public static class CountersignAppServiceCollectionExtensions
{
    /// <summary>
    /// Registers ASP.NET Core Identity for <typeparamref name="TUser"/>, its stores in <typeparamref name="TContext"/>, and all of Countersign on the same
    /// database. The database is SQLite. For PostgreSQL add the package Countersign.PostgreSql and call <c>UsePostgreSql()</c> on the returned builder.
    /// </summary>
    /// <remarks>
    /// Services of Identity that the app registers itself stay, whether it does so before or after. Identity's options stay as the app has set them. Roles are
    /// registered if the context has them, that is if it is an <c>IdentityDbContext</c>. The context's model must call <c>UseCountersign</c>.
    /// </remarks>
    /// <typeparam name="TUser">The app's user type.</typeparam>
    /// <typeparam name="TContext">The app's context, registered with <c>AddDbContext</c>.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Sets options in code, after the configuration; null for none.</param>
    /// <exception cref="InvalidOperationException">Countersign was added for another user type.</exception>
    public static CountersignBuilder AddCountersign<
        TUser,
        [DynamicallyAccessedMembers(
            DynamicallyAccessedMemberTypes.PublicConstructors
            | DynamicallyAccessedMemberTypes.NonPublicConstructors
            | DynamicallyAccessedMemberTypes.PublicProperties)]
        TContext>(
        this IServiceCollection services, Action<CountersignOptions<TUser>>? configure = null)
        where TUser : class
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddIdentityCore<TUser>();
        var roleType = FindRoleType(typeof(TContext));
        var identity = roleType is null ? new IdentityBuilder(typeof(TUser), services) : new IdentityBuilder(typeof(TUser), roleType, services);
        if (roleType is not null)
        {
            AddRoles(services, typeof(TUser), roleType);
        }

        identity.AddEntityFrameworkStores<TContext>();
        return services.AddCountersign(configure).AddEntityFrameworkStores<TContext>();
    }

    /// <summary>Registers what <c>AddRoles</c> registers, but replaces nothing that the app has registered, such as its own claims factory.</summary>
    private static void AddRoles(IServiceCollection services, Type userType, Type roleType)
    {
        services.TryAddScoped(typeof(IRoleValidator<>).MakeGenericType(roleType), typeof(RoleValidator<>).MakeGenericType(roleType));
        services.TryAddScoped(typeof(RoleManager<>).MakeGenericType(roleType));
        var factory = typeof(IUserClaimsPrincipalFactory<>).MakeGenericType(userType);
        if (services.Last(service => service.ServiceType == factory).ImplementationType == typeof(UserClaimsPrincipalFactory<>).MakeGenericType(userType))
        {
            services.Replace(ServiceDescriptor.Scoped(factory, typeof(UserClaimsPrincipalFactory<,>).MakeGenericType(userType, roleType)));
        }
    }

    /// <summary>The role type of an <c>IdentityDbContext</c>, the second of its type arguments; null for a context without roles.</summary>
    private static Type? FindRoleType(Type context)
    {
        for (var type = context; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GenericTypeArguments is [_, var role, _, ..] && type.Name.StartsWith("IdentityDbContext`", StringComparison.Ordinal))
            {
                return role;
            }
        }

        return null;
    }
}
