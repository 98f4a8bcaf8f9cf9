using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.Passwords;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Sessions.Cleanup;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TokenOptions = Countersign.Sessions.TokenOptions;

namespace Countersign.AspNetCore;

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
        var options = AddSection<CountersignOptions>(services, CountersignOptions.SectionName);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CountersignOptions>, CountersignOptionsValidator>());
        AddSection<GuessingOptions>(services, GuessingOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GuessingOptions>, GuessingOptionsValidator>());
        AddSection<NetworkLimitOptions>(services, NetworkLimitOptions.SectionName);
        AddSection<TokenOptions>(services, TokenOptions.SectionName);
        AddSection<KeyOptions>(services, KeyOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KeyOptions>, DevelopmentMasterKey>());
        AddSection<KeyRotationOptions>(services, $"{CountersignOptions.SectionName}:{KeyRotationOptions.SectionName}");
        AddSection<SessionOptions>(services, $"{CountersignOptions.SectionName}:{SessionOptions.SectionName}");
        AddSection<RefreshOptions>(services, $"{CountersignOptions.SectionName}:{RefreshOptions.SectionName}");
        AddSection<CleanupOptions>(services, $"{CountersignOptions.SectionName}:{CleanupOptions.SectionName}");

        // Before what configuration and the app say of it.
        services.AddOptions<PasswordEngineOptions>().Configure<IOptions<PasswordHasherOptions>>(
            static (options, identity) => options.IdentityIterations = identity.Value.IterationCount);
        AddSection<PasswordEngineOptions>(services, PasswordEngineOptions.SectionName);
        AddSection<PasswordRuleOptions>(services, PasswordRuleOptions.SectionName);
    }

    private static OptionsBuilder<TOptions> AddSection<TOptions>(IServiceCollection services, string section)
        where TOptions : class =>
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    private static void AddPasswords(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new PasswordEngine(
            provider.GetRequiredService<IOptions<PasswordEngineOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(static provider => new PasswordRules(provider.GetRequiredService<IOptions<PasswordRuleOptions>>().Value));
        services.TryAddSingleton(static provider => new SignInAttempts(
            provider.GetRequiredService<ISignInAttemptStore>(),
            provider.GetRequiredService<IOptions<GuessingOptions>>(),
            provider.GetRequiredService<SessionClock>()));
        services.TryAddSingleton<NetworkLimits>();
        services.TryAddSingleton<ClientFailures>();
        services.TryAddSingleton<SignInService>();
    }

    private static void AddClients(IServiceCollection services)
    {
        // Once: a section that is bound twice would fill the list twice.
        if (services.Any(static service => service.ServiceType == typeof(ClientRegistry)))
        {
            return;
        }

        AddSection<ClientOptions>(services, ClientOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClientOptions>, ClientOptionsValidator>());
        services.AddSingleton(static provider => new ClientRegistry(provider.GetRequiredService<IOptions<ClientOptions>>().Value));
        services.AddSingleton<ClientAuthenticator>();
        services.AddSingleton<ClientTokens>();
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
        services.TryAddSingleton<AccountShape<TUser>>();
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
