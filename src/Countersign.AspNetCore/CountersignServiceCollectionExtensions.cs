using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Settings;
using Countersign.AspNetCore.SignIn;
using Countersign.Passwords;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets Countersign up in an app that keeps its own users in ASP.NET Core Identity.</summary>
public static class CountersignServiceCollectionExtensions
{
    /// <summary>
    /// Registers passwords, sessions, tokens and the bearer scheme over the app's user type. The stores follow, by <c>AddEntityFrameworkStores</c> on what is returned.
    /// </summary>
    /// <remarks>
    /// Settings come from the configuration section <c>Auth</c>; what is missing or out of range stops the host at start. Identity's options stay as the app has
    /// them. The stock <see cref="UserManager{TUser}"/> gives way to <see cref="CountersignUserManager{TUser}"/>; a manager of the app's own stays. The app's
    /// own password hasher is asked about stored hashes that nothing else reads. It does not matter whether Identity is added before or after.
    /// </remarks>
    /// <typeparam name="TUser">The app's user type.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Sets what configuration does not; null for nothing.</param>
    public static CountersignBuilder AddCountersign<TUser>(this IServiceCollection services, Action<CountersignOptions>? configure = null)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(services);
        AddSettings(services, configure);
        AddPasswords(services);
        AddClients(services);
        AddIdentity<TUser>(services);
        services.AddCountersignSessions();
        services.AddCountersignEndpoints();
        services.TryAddSingleton<FallbackIssuer>(static provider => () => BoundAddress.Find(provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IssuerStartup>());
        return new CountersignBuilder(services, typeof(TUser));
    }

    private static void AddSettings(IServiceCollection services, Action<CountersignOptions>? configure)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SettingsStartup>());

        // Before what configuration and the app say of it.
        services.AddOptions<PasswordEngineOptions>().Configure<IOptions<PasswordHasherOptions>>(
            static (options, identity) => options.IdentityIterations = identity.Value.IterationCount);
        foreach (var section in AuthSections.All)
        {
            section.Register(services);
        }

        services.TryAddSingleton(KnownSettings.OfPackages);
        services.AddOptions<AuthSectionValidator.Section>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthSectionValidator.Section>, AuthSectionValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KeyOptions>, DevelopmentMasterKey>());
        if (configure is not null)
        {
            services.Configure(configure);
        }
    }

    private static void AddPasswords(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new PasswordEngine(
            provider.GetRequiredService<IOptions<PasswordEngineOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(static provider => new PasswordRules(provider.GetRequiredService<IOptions<PasswordRuleOptions>>().Value));
        services.TryAddSingleton(static provider => new SignInAttempts(
            provider.GetRequiredService<ISignInAttemptStore>(),
            provider.GetRequiredService<IOptions<CountersignLockoutOptions>>(),
            provider.GetRequiredService<SessionClock>()));
        services.TryAddSingleton<NetworkLimits>();
        services.TryAddSingleton<ClientFailures>();
        services.TryAddSingleton<SignInLimits>();
        services.TryAddSingleton<SignInCandidates>();
        services.TryAddSingleton<PasswordVerifier>();
        services.TryAddSingleton<SignInService>();
    }

    private static void AddClients(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new ClientRegistry(provider.GetRequiredService<IOptions<ClientOptions>>().Value));
        services.TryAddSingleton<ClientAuthenticator>();
        services.TryAddSingleton<ClientTokens>();
    }

    private static void AddIdentity<TUser>(IServiceCollection services)
        where TUser : class
    {
        // Adds what is not there yet, so that Identity's own services exist whoever comes first.
        services.AddIdentityCore<TUser>();
        Replace(services, typeof(UserManager<TUser>), typeof(CountersignUserManager<TUser>), typeof(UserManager<TUser>), typeof(AspNetUserManager<TUser>));
        Replace(services, typeof(IPasswordHasher<TUser>), typeof(EnginePasswordHasher<TUser>), typeof(PasswordHasher<TUser>));
        services.TryAddEnumerable(ServiceDescriptor.Scoped<IPasswordValidator<TUser>, PasswordRulesValidator<TUser>>());

        services.AddOptions<CountersignUserOptions<TUser>>();
        services.TryAddSingleton<UserAccessor<TUser>>();
        services.TryAddSingleton<AppPasswordHasher<TUser>>();
        services.TryAddSingleton<IdentityAccounts<TUser>>();
        services.TryAddSingleton<IAccounts>(static provider => provider.GetRequiredService<IdentityAccounts<TUser>>());
        services.TryAddSingleton<IAccountEditor, IdentityAccountEditor<TUser>>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IdentityStartup<TUser>>());
    }

    /// <summary>Puts our implementation in the place of the platform's; one of the app's own stays.</summary>
    private static void Replace(IServiceCollection services, Type service, Type ours, params ReadOnlySpan<Type> stock)
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
