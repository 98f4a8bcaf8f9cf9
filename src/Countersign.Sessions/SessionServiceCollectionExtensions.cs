using Countersign.Sessions.Accounts;
using Countersign.Sessions.Cleanup;
using Countersign.Sessions.Feed;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Sessions.Writing;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions;

/// <summary>Registers the services of sessions.</summary>
internal static class SessionServiceCollectionExtensions
{
    /// <summary>Registers all services of the package, except stores and accounts, which other packages register. Without stores the start fails.</summary>
    public static IServiceCollection AddCountersignSessions(this IServiceCollection services)
    {
        SessionSections.Tokens.Register(services);
        SessionSections.Keys.Register(services);
        SessionSections.KeyRotation.Register(services);
        SessionSections.Sessions.Register(services);
        SessionSections.Refresh.Register(services);
        SessionSections.Cleanup.Register(services);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SessionClock>();
        services.TryAddSingleton(static provider => RotationPolicy.From(
            provider.GetRequiredService<IOptions<CountersignSessionOptions>>().Value,
            provider.GetRequiredService<IOptions<CountersignRefreshOptions>>().Value));
        services.TryAddSingleton(static provider => SessionSettings.From(
            provider.GetRequiredService<IOptions<CountersignSessionOptions>>().Value,
            provider.GetRequiredService<RotationPolicy>()));

        MissingStores.Add(services);
        AddTokens(services);
        AddKeys(services);

        services.TryAddSingleton(static provider => new SessionWriter(
            provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<SessionClock>(),
            new Lazy<IKeySource>(provider.GetRequiredService<IKeySource>),
            provider.GetRequiredService<RefreshKeyRing>(),
            provider.GetRequiredService<RevocationList>(),
            provider.GetRequiredService<ILogger<SessionWriter>>()));
        services.TryAddSingleton<SessionInvalidation>();
        services.TryAddSingleton(static provider => new FeedState(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<CountersignSessionOptions>>().Value.WhenStale));
        services.TryAddSingleton<CleanupRun>();
        services.TryAddSingleton<FeedReader>();
        services.TryAddSingleton(static provider => new SessionService(
            provider.GetRequiredService<SessionWriter>(),
            provider.GetRequiredService<SessionInvalidation>(),
            provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<IAccounts>(),
            provider.GetRequiredService<IKeySource>(),
            provider.GetRequiredService<RefreshKeyRing>(),
            provider.GetRequiredService<RefreshTokenCodec>(),
            provider.GetRequiredService<SessionTokenIssuer>(),
            provider.GetRequiredService<RevocationList>(),
            provider.GetRequiredService<SessionClock>(),
            provider.GetRequiredService<SessionSettings>(),
            provider.GetRequiredService<ILogger<SessionService>>(),
            provider.GetService<ISignInEvents>()));
        services.TryAddSingleton(static provider => new ServiceReadiness(
            provider.GetRequiredService<IKeySource>(),
            provider.GetRequiredService<FeedState>(),
            provider.GetRequiredService<SessionClock>()));

        // The order matters. The mode decides which keys are loaded, nothing is decided before keys are loaded, and no request is served before the revocations
        // are known.
        services.AddStartup<SigningModeStartup>();
        services.AddStartup<KeyMaintenanceService>();
        services.AddStartup<RevocationFeedService>();
        services.AddStartup<RestoreNotice>();
        services.AddStartup(static provider => provider.GetRequiredService<SessionWriter>());
        services.AddStartup<CleanupService>();
        return services;
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new RevocationList(provider.GetRequiredService<TimeProvider>(), FeedState.Retention));
        services.TryAddSingleton(static _ => new KeyRing(KeySet.Empty));
        services.TryAddSingleton(static provider => TokenPolicyFactory.Create(
            provider.GetRequiredService<IOptions<CountersignTokenOptions>>().Value,
            provider.GetRequiredService<IOptions<CountersignSessionOptions>>().Value,
            provider.GetRequiredService<KeyRing>(),
            provider.GetService<FallbackIssuer>()));
        services.TryAddSingleton<TokenIssuer>();
        services.TryAddSingleton(static provider => new TokenValidator(
            provider.GetRequiredService<TokenPolicy>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<RevocationList>(),
            Cache(provider.GetRequiredService<IOptions<CountersignTokenOptions>>().Value, provider.GetService<VerifiedTokenCache>())));
        services.TryAddSingleton<SessionTokenIssuer>();
        services.TryAddSingleton<RefreshTokenCodec>();
    }

    /// <param name="options">Whether tokens are remembered, and how many.</param>
    /// <param name="own">The app's own cache, which several validators may share; null if it has none.</param>
    private static VerifiedTokenCache? Cache(CountersignTokenOptions options, VerifiedTokenCache? own) =>
        options.VerifiedTokenEntries == 0 ? null : own ?? new VerifiedTokenCache(options.VerifiedTokenEntries, options.VerifiedTokenBytes);

    private static void AddKeys(IServiceCollection services)
    {
        services.TryAddSingleton<RefreshKeyRing>();
        services.TryAddSingleton(static provider => KeySettings.From(
            provider.GetRequiredService<IOptions<CountersignTokenOptions>>().Value,
            provider.GetRequiredService<IOptions<CountersignKeyRotationOptions>>().Value,
            provider.GetRequiredService<IOptions<CountersignSessionOptions>>().Value));
        services.TryAddSingleton(static provider => KeyWrapper.From(provider.GetRequiredService<IOptions<KeyOptions>>().Value));
        services.TryAddSingleton(static provider => SecretBox.From(
            provider.GetRequiredService<IOptions<KeyOptions>>().Value, provider.GetRequiredService<IOptions<CountersignTokenOptions>>().Value));
        services.TryAddSingleton<StoredKeySource>();
        services.TryAddSingleton<IKeySource>(static provider =>
        {
            var tokens = provider.GetRequiredService<IOptions<CountersignTokenOptions>>().Value;
            return tokens.SecretKey is { } secret
                ? new SharedSecretKeys(secret, tokens.PreviousSecretKey, provider.GetRequiredService<RefreshKeyRing>())
                : provider.GetRequiredService<StoredKeySource>();
        });
        services.TryAddSingleton(static provider => provider.GetRequiredService<IKeySource>() is StoredKeySource source
            ? new KeyService(provider.GetRequiredService<IKeyStore>(), source, provider.GetRequiredService<KeyWrapper>())
            : new KeyService(provider.GetRequiredService<IKeyStore>(), source: null, wrapper: null));
    }
}
