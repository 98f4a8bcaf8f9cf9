using Countersign.Bearer;
using Countersign.Bearer.Authority;
using Countersign.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets up what a resource server needs.</summary>
public static class CountersignBearerServiceCollectionExtensions
{
    /// <summary>
    /// Accepts the tokens of another service under the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/>, with the keys that it publishes:
    /// <c>services.AddCountersignBearer(o =&gt; o.Authority = "https://auth.example.com")</c>. Adds authorization.
    /// </summary>
    /// <remarks>
    /// The scheme becomes the default only where the app has none. The app starts while the authority is down: requests with a token get 503 until its keys
    /// are there. A session that ends is not seen here: its access token is accepted until it expires.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Sets <see cref="CountersignBearerOptions.Authority"/>, and more where needed; runs after the configuration. Null for
    /// nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is registered already.</exception>
    public static IServiceCollection AddCountersignBearer(this IServiceCollection services, Action<CountersignBearerOptions>? configure) =>
        services.AddCountersignBearer(CountersignBearerDefaults.AuthenticationScheme, configure);

    /// <summary>The same for an app whose configuration has everything: the section is <c>Authentication:Schemes:Countersign</c>.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is registered already.</exception>
    public static IServiceCollection AddCountersignBearer(this IServiceCollection services) =>
        services.AddCountersignBearer(CountersignBearerDefaults.AuthenticationScheme, configure: null);

    /// <summary>The same under another name: for an app that takes the tokens of several authorities, or has accounts of its own beside.</summary>
    /// <remarks>
    /// Each scheme has keys of its own, and refuses the tokens of every other issuer. A policy that names several accepts what one of them accepts.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <param name="authenticationScheme">The scheme's name.</param>
    /// <param name="configure">As above; the section in the configuration has the scheme's name.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is registered already.</exception>
    public static IServiceCollection AddCountersignBearer(this IServiceCollection services, string authenticationScheme, Action<CountersignBearerOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(authenticationScheme);
        if (FindRegistration(services, authenticationScheme) is not null)
        {
            throw new InvalidOperationException(
                $"The scheme {authenticationScheme} is registered already: give this authority a name of its own, AddCountersignBearer(\"name\", options => …).");
        }

        services.AddScheme(authenticationScheme, isLocal: false);
        services.AddOptions<CountersignBearerOptions>(authenticationScheme)
            .BindConfiguration($"{CountersignBearerOptions.SectionName}:{authenticationScheme}")
            .Configure(configure ?? (static _ => { }))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CountersignBearerOptions>, CountersignBearerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton<BearerScheme>(authenticationScheme, static (provider, name) => CreateAuthority(provider, (string)name!));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AuthorityStartup>());
        return services;
    }

    /// <summary>The same on what <c>AddAuthentication</c> returned, under the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/>.</summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="configure">Sets <see cref="CountersignBearerOptions.Authority"/>, and more where needed; runs after the configuration. Null for
    /// nothing.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is registered already.</exception>
    public static AuthenticationBuilder AddCountersignBearer(this AuthenticationBuilder builder, Action<CountersignBearerOptions>? configure) =>
        builder.AddCountersignBearer(CountersignBearerDefaults.AuthenticationScheme, configure);

    /// <summary>The same on what <c>AddAuthentication</c> returned, for an app whose configuration has everything.</summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is registered already.</exception>
    public static AuthenticationBuilder AddCountersignBearer(this AuthenticationBuilder builder) =>
        builder.AddCountersignBearer(CountersignBearerDefaults.AuthenticationScheme, configure: null);

    /// <summary>The same on what <c>AddAuthentication</c> returned, under another name.</summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="authenticationScheme">The scheme's name.</param>
    /// <param name="configure">As above; the section in the configuration has the scheme's name.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is registered already.</exception>
    public static AuthenticationBuilder AddCountersignBearer(this AuthenticationBuilder builder, string authenticationScheme, Action<CountersignBearerOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddCountersignBearer(authenticationScheme, configure);
        return builder;
    }

    /// <summary>
    /// Accepts Countersign's bearer tokens under the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/>, and adds authorization. The app
    /// registers the
    /// <see cref="TokenValidator"/> that decides what is accepted. One that the container makes remembers verified tokens if the app has registered a
    /// <see cref="VerifiedTokenCache"/>.
    /// </summary>
    /// <remarks>
    /// The scheme becomes the default only where the app has none. ASP.NET Core Data Protection is not registered: nothing here is protected by it, so nodes
    /// have no key ring to share.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is registered already, for the tokens of an authority.</exception>
    internal static IServiceCollection AddLocalCountersignBearer(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (FindRegistration(services, CountersignBearerDefaults.AuthenticationScheme) is not { } registration)
        {
            services.AddScheme(CountersignBearerDefaults.AuthenticationScheme, isLocal: true);
            services.AddKeyedSingleton<BearerScheme, LocalScheme>(CountersignBearerDefaults.AuthenticationScheme);
            return services;
        }

        // An authority's keys in the place of the app's own would let that authority name any of the app's accounts.
        return registration.IsLocal ? services : throw new InvalidOperationException(
            $"The scheme {CountersignBearerDefaults.AuthenticationScheme} is that of an authority, and the app's own tokens need it: "
            + "give the authority a name of its own, AddCountersignBearer(\"name\", options => …).");
    }

    private static BearerRegistration? FindRegistration(IServiceCollection services, string scheme) =>
        services.Select(static service => service.IsKeyedService ? null : service.ImplementationInstance as BearerRegistration)
            .FirstOrDefault(registration => registration?.Scheme == scheme);

    private static void AddScheme(this IServiceCollection services, string scheme, bool isLocal)
    {
        services.AddSingleton(new BearerRegistration(scheme, isLocal));

        // What AddAuthentication does, without the data protection it brings along.
        services.AddAuthenticationCore(options => options.AddScheme<BearerHandler>(scheme, displayName: null));
        services.AddAuthorization();
        services.TryAddTransient<BearerHandler>();
        services.TryAddSingleton<BearerSchemes>();
        AddPolicyEvaluator(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthenticationOptions>, DefaultScheme>());
    }

    /// <summary>Puts ours in the place of the platform's evaluator; one of the app's own stays.</summary>
    private static void AddPolicyEvaluator(IServiceCollection services)
    {
        if (services.FirstOrDefault(static service => service is { IsKeyedService: false, ImplementationType: { } type } && type == typeof(PolicyEvaluator)) is { } stock)
        {
            services[services.IndexOf(stock)] = ServiceDescriptor.Transient<IPolicyEvaluator, BearerPolicyEvaluator>();
        }
    }

    private static AuthorityScheme CreateAuthority(IServiceProvider provider, string scheme)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<CountersignBearerOptions>>().Get(scheme);
        var verified = options.VerifiedTokenEntries == 0
            ? null
            : provider.GetService<VerifiedTokenCache>() ?? new VerifiedTokenCache(options.VerifiedTokenEntries, options.VerifiedTokenBytes);
        return new AuthorityScheme(
            AuthoritySettings.From(scheme, options),
            new Backchannel(options.BackchannelHttpHandler),
            provider.GetRequiredService<TimeProvider>(),
            verified,
            provider.GetRequiredService<ILogger<AuthorityKeys>>());
    }
}
