using Countersign.Bearer;
using Countersign.Bearer.Authority;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Countersign.Tokens.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the services of a resource server.</summary>
public static class CountersignBearerServiceCollectionExtensions
{
    /// <summary>
    /// Accepts the tokens of another service under the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/>. They are verified with the keys
    /// that the service publishes: <c>services.AddCountersignBearer(o =&gt; o.Authority = "https://auth.example.com")</c>. Adds authorization.
    /// </summary>
    /// <remarks>
    /// The scheme becomes the default if the app has chosen none; <see cref="CountersignBearerOptions.UseAsDefaultScheme"/> makes it the default in any case.
    /// The app starts even if the authority is down, and requests with a token get 503
    /// until its keys are loaded. The app does not see when a session ends: it accepts the session's access token until the token expires.
    /// The platform's stock <see cref="IPolicyEvaluator"/> is replaced with one that does not run the scheme twice for one request, and its stock
    /// <see cref="IAuthorizationMiddlewareResultHandler"/> with one that lets this scheme refuse a request last. Those of the app stay.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">
    /// Sets <see cref="CountersignBearerOptions.Authority"/>, and other options if needed. It runs after the configuration was read. Can be null.
    /// </param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is already registered.</exception>
    public static IServiceCollection AddCountersignBearer(this IServiceCollection services, Action<CountersignBearerOptions>? configure) =>
        services.AddCountersignBearer(CountersignBearerDefaults.AuthenticationScheme, configure);

    /// <summary>The same for an app that has all settings in its configuration, in the section <c>Authentication:Schemes:Countersign</c>.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is already registered.</exception>
    public static IServiceCollection AddCountersignBearer(this IServiceCollection services) =>
        services.AddCountersignBearer(CountersignBearerDefaults.AuthenticationScheme, configure: null);

    /// <summary>The same under another name, for an app that accepts the tokens of several authorities or also has its own accounts.</summary>
    /// <remarks>
    /// Each scheme has its own keys, and refuses the tokens of all other issuers. A policy that names several schemes accepts a token that one of them accepts.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <param name="authenticationScheme">The scheme's name.</param>
    /// <param name="configure">As above. The section in the configuration has the scheme's name.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is already registered.</exception>
    public static IServiceCollection AddCountersignBearer(
        this IServiceCollection services, string authenticationScheme, Action<CountersignBearerOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(authenticationScheme);
        if (FindRegistration(services, authenticationScheme) is not null)
        {
            throw new InvalidOperationException(
                $"The scheme {authenticationScheme} is already registered. "
                + "Give this authority another name: AddCountersignBearer(\"name\", options => …).");
        }

        services.AddScheme(authenticationScheme, isLocal: false);
        var bound = services.AddOptions<CountersignBearerOptions>(authenticationScheme)
            .BindConfiguration($"{CountersignBearerOptions.SectionName}:{authenticationScheme}")
            .Configure(configure ?? (static _ => { }));
        if (!BuildTime.IsDocumentTool)
        {
            bound.ValidateOnStart();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AuthorityStartup>());
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CountersignBearerOptions>, CountersignBearerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton(authenticationScheme, static (provider, name) => FindSettings(provider, (string)name!));
        services.AddKeyedSingleton<BearerScheme>(authenticationScheme, static (provider, name) => CreateAuthority(provider, (string)name!));
        return services;
    }

    /// <summary>
    /// The same for the builder that <c>AddAuthentication</c> returned, under the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/>.
    /// </summary>
    /// <param name="builder">The builder that <c>AddAuthentication</c> returned.</param>
    /// <param name="configure">
    /// Sets <see cref="CountersignBearerOptions.Authority"/>, and other options if needed. It runs after the configuration was read. Can be null.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is already registered.</exception>
    public static AuthenticationBuilder AddCountersignBearer(this AuthenticationBuilder builder, Action<CountersignBearerOptions>? configure) =>
        builder.AddCountersignBearer(CountersignBearerDefaults.AuthenticationScheme, configure);

    /// <summary>The same for the builder that <c>AddAuthentication</c> returned, for an app that has all settings in its configuration.</summary>
    /// <param name="builder">The builder that <c>AddAuthentication</c> returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is already registered.</exception>
    public static AuthenticationBuilder AddCountersignBearer(this AuthenticationBuilder builder) =>
        builder.AddCountersignBearer(CountersignBearerDefaults.AuthenticationScheme, configure: null);

    /// <summary>The same for the builder that <c>AddAuthentication</c> returned, under another name.</summary>
    /// <param name="builder">The builder that <c>AddAuthentication</c> returned.</param>
    /// <param name="authenticationScheme">The scheme's name.</param>
    /// <param name="configure">As above. The section in the configuration has the scheme's name.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is already registered.</exception>
    public static AuthenticationBuilder AddCountersignBearer(
        this AuthenticationBuilder builder, string authenticationScheme, Action<CountersignBearerOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddCountersignBearer(authenticationScheme, configure);
        return builder;
    }

    /// <summary>
    /// Accepts Countersign's bearer tokens under the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/>, and adds authorization. The app
    /// registers the <see cref="TokenValidator"/> that decides which tokens are accepted. A validator that the container makes remembers verified tokens if the
    /// app has registered a <see cref="VerifiedTokenCache"/>.
    /// </summary>
    /// <remarks>
    /// The scheme becomes the default only if the app has chosen none. ASP.NET Core Data Protection is not registered, because nothing here uses it. So
    /// nodes need no common key ring.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The scheme is already registered for the tokens of an authority.</exception>
    internal static IServiceCollection AddLocalCountersignBearer(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (FindRegistration(services, CountersignBearerDefaults.AuthenticationScheme) is not { } registration)
        {
            services.AddScheme(CountersignBearerDefaults.AuthenticationScheme, isLocal: true);
            services.TryAddKeyedSingleton(CountersignBearerDefaults.AuthenticationScheme, BearerSettings.Usual);
            services.AddKeyedSingleton<BearerScheme, LocalScheme>(CountersignBearerDefaults.AuthenticationScheme);
            return services;
        }

        // If an authority's keys replaced the app's own, that authority could issue tokens for every account of the app.
        return registration.IsLocal ? services : throw new InvalidOperationException(
            $"The scheme {CountersignBearerDefaults.AuthenticationScheme} is registered for an authority, and the app's own tokens need it. "
            + "Give the authority another name: AddCountersignBearer(\"name\", options => …).");
    }

    private static BearerRegistration? FindRegistration(IServiceCollection services, string scheme) =>
        services.Select(static service => service.IsKeyedService ? null : service.ImplementationInstance as BearerRegistration)
            .FirstOrDefault(registration => registration?.Scheme == scheme);

    private static void AddScheme(this IServiceCollection services, string scheme, bool isLocal)
    {
        services.AddSingleton(new BearerRegistration(scheme, isLocal));

        // This does what AddAuthentication does, except that it does not add data protection.
        services.AddAuthenticationCore(options => options.AddScheme<BearerHandler>(scheme, displayName: null));
        services.AddAuthorization();
        services.TryAddTransient<BearerHandler>();
        services.TryAddSingleton<ProblemPages>();
        services.TryAddSingleton<BearerSchemes>();
        StockServices.Replace(services, typeof(IPolicyEvaluator), typeof(BearerPolicyEvaluator), typeof(PolicyEvaluator));
        StockServices.Replace(
            services, typeof(IAuthorizationMiddlewareResultHandler), typeof(BearerResultHandler), typeof(AuthorizationMiddlewareResultHandler));
        services.TryAddTransient<DefaultSchemeHandler>();
        services.TryAddSingleton<DefaultScheme>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthenticationOptions>, DefaultScheme>(
            static provider => provider.GetRequiredService<DefaultScheme>()));
        if (!BuildTime.IsDocumentTool)
        {
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DefaultSchemeStartup>());
        }
    }

    private static BearerSettings FindSettings(IServiceProvider provider, string scheme)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<CountersignBearerOptions>>().Get(scheme);
        return new BearerSettings { IsDefault = options.IsDefaultScheme, QueryTokenPaths = [.. options.QueryTokenPaths] };
    }

    private static AuthorityScheme CreateAuthority(IServiceProvider provider, string scheme)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<CountersignBearerOptions>>().Get(scheme);
        var verified = options.VerifiedTokenEntries == 0
            ? null
            : provider.GetService<VerifiedTokenCache>() ?? new VerifiedTokenCache(options.VerifiedTokenEntries, options.VerifiedTokenBytes);
        return new AuthorityScheme(
            AuthoritySettings.From(scheme, options),
            provider.GetRequiredKeyedService<BearerSettings>(scheme),
            new Backchannel(options.BackchannelHttpHandler),
            provider.GetRequiredService<TimeProvider>(),
            verified,
            provider.GetRequiredService<ILogger<AuthorityKeys>>());
    }
}
