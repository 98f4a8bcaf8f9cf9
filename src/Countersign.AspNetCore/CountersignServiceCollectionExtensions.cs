using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Health;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Mail;
using Countersign.AspNetCore.Mvc;
using Countersign.AspNetCore.Settings;
using Countersign.AspNetCore.SignIn;
using Countersign.Bearer;
using Countersign.Passwords;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Countersign to an app that keeps its users in ASP.NET Core Identity.</summary>
public static class CountersignServiceCollectionExtensions
{
    /// <summary>
    /// Registers passwords, sessions, tokens and the bearer scheme for the app's user type. Call <c>AddEntityFrameworkStores</c> on the returned builder to
    /// add the stores.
    /// </summary>
    /// <remarks>
    /// Settings come from the configuration section <c>Auth</c>, then from <paramref name="configure"/>. A missing setting, or one out of range, stops the
    /// host at start. Identity's options stay as the app has set them. <see cref="CountersignUserManager{TUser}"/> replaces the stock
    /// <see cref="UserManager{TUser}"/>; the app's own manager stays. The app's own password hasher reads the stored hashes that Countersign does not know.
    /// Identity may be added before or after.
    /// </remarks>
    /// <typeparam name="TUser">The app's user type.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Sets options in code, after the configuration; null for none.</param>
    /// <exception cref="InvalidOperationException">Countersign was added for another user type.</exception>
    public static CountersignBuilder AddCountersign<TUser>(this IServiceCollection services, Action<CountersignOptions<TUser>>? configure = null)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(services);
        AddSettings(services, configure);
        AddPasswords(services);
        AddClients(services);
        AddIdentity<TUser>(services);
        services.AddCountersignSessions();
        services.AddCountersignEndpoints();
        services.TryAddSingleton<ServiceHealth>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<MvcOptions>, MvcSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<RazorPagesOptions>, MvcSetup>());
        services.TryAddSingleton<FallbackIssuer>(static provider => () => BoundAddress.Find(provider));
        services.AddStartup<IssuerStartup>();
        return new CountersignBuilder(services, typeof(TUser));
    }

    private static void AddSettings<TUser>(IServiceCollection services, Action<CountersignOptions<TUser>>? configure)
        where TUser : class
    {
        AddTree<TUser>(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }
    }

    /// <summary>Registers the tree of options and the checks of its parts. A second call changes nothing.</summary>
    private static void AddTree<TUser>(IServiceCollection services)
        where TUser : class
    {
        if (services.FirstOrDefault(static service => service.ServiceType == typeof(AppUserType))?.ImplementationInstance is AppUserType added)
        {
            if (added.Type != typeof(TUser))
            {
                throw new InvalidOperationException(
                    $"AddCountersign was called for {added.Type.Name} and for {typeof(TUser).Name}. Call it for one user type.");
            }

            return;
        }

        services.AddSingleton(new AppUserType(typeof(TUser)));
        services.AddSingleton(static provider => new OptionsTree(
            static () => new CountersignOptions<TUser>(),
            provider.GetServices<IConfigureOptions<CountersignOptions>>(),
            provider.GetServices<IPostConfigureOptions<CountersignOptions>>()));
        services.AddStartup<SettingsStartup>();
        services.TryAddSingleton(KnownSettings.OfPackages);

        // The configuration overrides Identity's iteration count, and the app's code overrides both.
        services.AddOptions<CountersignOptions>()
            .Configure<IOptions<PasswordHasherOptions>>(static (options, identity) => options.Passwords.IdentityIterations = identity.Value.IterationCount)
            .Configure<IServiceProvider, KnownSettings>(
                static (options, provider, known) => AuthSections.Bind(options, provider.GetService<IConfiguration>(), known))
            .Configure<IEnumerable<IConfigureOptions<CountersignOptions<TUser>>>>(static (options, code) =>
            {
                foreach (var setup in code)
                {
                    setup.Configure((CountersignOptions<TUser>)options);
                }
            })
            .PostConfigure<IEnumerable<IPostConfigureOptions<CountersignOptions<TUser>>>>(static (options, code) =>
            {
                foreach (var setup in code)
                {
                    setup.PostConfigure(string.Empty, (CountersignOptions<TUser>)options);
                }
            });
        foreach (var part in AuthSections.All)
        {
            part.Register(services);
        }

        // Both types of the tree give the same object, so an app can configure and request either.
        OptionsPart.Register(services, static options => (CountersignOptions<TUser>)options);
        OptionsPart.Register(services, static options => ((CountersignOptions<TUser>)options).Users);
        services.AddOptions<CountersignOptions<TUser>>().CheckAtStart();
        services.AddOptions<AuthSectionValidator.Section>().CheckAtStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthSectionValidator.Section>, AuthSectionValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KeyOptions>, DevelopmentMasterKey>());
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
        // Adds only what is missing. So Identity's own services exist, whether AddCountersign or the app registers first.
        services.AddIdentityCore<TUser>();
        StockServices.Replace(
            services, typeof(UserManager<TUser>), typeof(CountersignUserManager<TUser>), typeof(UserManager<TUser>), typeof(AspNetUserManager<TUser>));
        StockServices.Replace(services, typeof(IPasswordHasher<TUser>), typeof(EnginePasswordHasher<TUser>), typeof(PasswordHasher<TUser>));
        RoleManagers.Replace(services);
        services.TryAddSingleton(new RoleManagers(services));
        services.TryAddEnumerable(ServiceDescriptor.Scoped<IPasswordValidator<TUser>, PasswordRulesValidator<TUser>>());

        services.TryAddSingleton<UserAccessor<TUser>>();
        services.TryAddSingleton<AppPasswordHasher<TUser>>();
        services.TryAddSingleton<AccountClaims<TUser>>();
        services.TryAddSingleton<AccountClaims>(static provider => provider.GetRequiredService<AccountClaims<TUser>>());
        services.TryAddSingleton<AccountEvents<TUser>>();
        services.TryAddSingleton<ISignInEvents>(static provider => provider.GetRequiredService<AccountEvents<TUser>>());
        services.TryAddSingleton<IdentityAccounts<TUser>>();
        services.TryAddSingleton<IAccounts>(static provider => provider.GetRequiredService<IdentityAccounts<TUser>>());
        services.TryAddSingleton<IAccountEditor, IdentityAccountEditor<TUser>>();
        services.AddStartup<IdentityStartup<TUser>>();

        services.TryAddSingleton<IMailAccounts, IdentityMailAccounts<TUser>>();
        services.TryAddSingleton<MailTransport, MailTransport<TUser>>();
        services.TryAddSingleton<MailSignal>();
        services.TryAddSingleton<MailLinks>();
        services.TryAddSingleton<MailTokens>();
        services.TryAddSingleton<Outbox>();
        services.TryAddSingleton<PasswordReset>();
        services.TryAddSingleton<EmailConfirmation>();
        services.TryAddSingleton<MailRun>();
        services.AddStartup<MailWorker>();
    }
}
