using Countersign.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.Bearer;

/// <summary>Sets up what a resource server needs.</summary>
public static class BearerServiceCollectionExtensions
{
    /// <summary>
    /// Accepts Countersign's bearer tokens under the scheme <see cref="BearerDefaults.AuthenticationScheme"/>, and adds authorization. The app registers the
    /// <see cref="TokenValidator"/> that decides what is accepted; one that is made by the container remembers verified tokens in the
    /// <see cref="VerifiedTokenCache"/> that is registered here, unless the app has registered its own.
    /// </summary>
    /// <remarks>
    /// The scheme becomes the default only where the app has none. ASP.NET Core Data Protection is not registered: nothing here is protected by it, so nodes
    /// have no key ring to share.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddCountersignBearer(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(BearerHandler)))
        {
            return services;
        }

        // What AddAuthentication does, without the data protection it brings along.
        services.AddAuthenticationCore(static options => options.AddScheme<BearerHandler>(BearerDefaults.AuthenticationScheme, displayName: null));
        services.AddAuthorization();
        services.TryAddTransient<BearerHandler>();
        services.TryAddSingleton(static _ => new VerifiedTokenCache());
        services.PostConfigure<AuthenticationOptions>(ChooseDefault);
        return services;
    }

    private static void ChooseDefault(AuthenticationOptions options)
    {
        string?[] chosen =
        [
            options.DefaultScheme, options.DefaultAuthenticateScheme, options.DefaultChallengeScheme,
            options.DefaultForbidScheme, options.DefaultSignInScheme, options.DefaultSignOutScheme,
        ];
        if (Array.Exists(chosen, static scheme => scheme is not null))
        {
            return;
        }

        // A single scheme is the default without being named (the platform's rule since .NET 7). The app's own must stay that when ours comes second.
        var others = options.Schemes.Where(static scheme => scheme.Name != BearerDefaults.AuthenticationScheme).Take(2).ToList();
        options.DefaultScheme = others is [var only] ? only.Name : BearerDefaults.AuthenticationScheme;
    }
}
