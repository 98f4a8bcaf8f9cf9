using Countersign.Sessions;
using Countersign.Sessions.Feed;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.StoreSpecification;

/// <summary>What becomes of a node that lacks a key, or can't load those that are in force, on every store.</summary>
public abstract class KeyFaultSpecification(ITestDatabase database) : StoreSuite(database)
{
    /// <summary>Rule J-53: strangers can't have the table read.</summary>
    [Fact]
    public async Task Refresh_ThousandTokensOfUnknownKeys_RefusedWithoutAReload()
    {
        var (node, session, store) = await StartCountedAsync();
        var before = store.Loads;

        var answers = Enumerable.Range(0, 1_000).Select(_ => node.Sessions.RefreshAsync(Stranger(node, session))).ToList();

        // One poll is due then, and takes as long as it takes: the patience runs by the test's clock.
        Time.Advance(TimeSpan.FromMilliseconds(1_200));

        Assert.All(await Task.WhenAll(answers), static answer => Assert.Equal(RefreshError.InvalidToken, answer.Error()));
        Assert.Equal(before, store.Loads);
    }

    /// <summary>A token that another node has written under a key that is a moment old must not log its client out: it waits for the feed.</summary>
    [Fact]
    public async Task Refresh_TokenOfANewKey_IsNotRefused()
    {
        var (node, token, store) = await StartBehindAsync();
        var before = store.Loads;

        var waiting = node.Sessions.RefreshAsync(token);
        Assert.Equal(before, store.Loads);
        Assert.False(waiting.IsCompleted);
        node.Feed.Before = static () => Task.CompletedTask;

        // One poll is due then, and takes as long as it takes: the patience runs by the test's clock.
        Time.Advance(TimeSpan.FromMilliseconds(1_200));

        Assert.True((await waiting).Succeeded);
        Assert.Equal(before + 1, store.Loads);
    }

    [Fact]
    public async Task Refresh_TokenOfANewKeyAndNoFeed_Unavailable()
    {
        var (node, token, _) = await StartBehindAsync();

        var waiting = node.Sessions.RefreshAsync(token);
        await AdvanceUntilAsync(() => waiting.IsCompleted);

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => waiting);
    }

    [Fact]
    public async Task Refresh_TokenOfANewKeyThatCanNotBeLoaded_UnavailableAndGoodOnceItCan()
    {
        var (node, token, store) = await StartBehindAsync();
        store.BeforeLoad = static _ => throw new InvalidOperationException("As Entity Framework wraps what may pass.");
        node.Feed.Before = static () => Task.CompletedTask;
        var waiting = node.Sessions.RefreshAsync(token);
        await AdvanceUntilAsync(() => waiting.IsCompleted);
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => waiting);
        store.BeforeLoad = static _ => Task.CompletedTask;

        var next = node.Sessions.RefreshAsync(token);
        await AdvanceUntilAsync(() => next.IsCompleted);

        Assert.True((await next).Succeeded);
    }

    /// <summary>However often it is asked for: the writer and the feed share one back-off.</summary>
    [Fact]
    public async Task LogIn_KeysThatCanNotBeLoaded_TriedOnceInASecond()
    {
        var (node, _, store) = await StartBehindAsync();
        store.BeforeLoad = static _ => throw new InvalidOperationException("As Entity Framework wraps what may pass.");
        var before = store.Loads;

        for (var attempt = 0; attempt < 10; attempt++)
        {
            await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.LogInAsync("ada"));
        }

        Assert.Equal(before + 1, store.Loads);
        store.BeforeLoad = static _ => Task.CompletedTask;
        Time.Advance(TimeSpan.FromSeconds(1));
        await node.LogInAsync("ada");
    }

    /// <summary>By the machine's clock, as an execution strategy waits.</summary>
    [Fact]
    public async Task Refresh_LoadOfNewKeysThatDoesNotEnd_UnavailableAndTheWriterGoesOn()
    {
        var (node, session, store) = await StartCountedAsync();
        var other = await StartNodeAsync();
        node.CutFeed();
        await LogInUnderANewKeyAsync(other);
        store.BeforeLoad = static cancellationToken => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.LogInAsync("ada"));

        Assert.True(await node.Sessions.RevokeAsync(session.Id, RevocationReason.LoggedOut));
    }

    /// <summary>
    /// Revocations are followed whatever becomes of the keys; what is wrong is said once in the log, and by readiness for as long as it is so.
    /// </summary>
    [Fact]
    public async Task Follow_KeysThatThisNodeCanNotRead_RevocationsGoOnAndReadinessSaysWhy()
    {
        using var lines = new LogLines();
        var (left, session, store) = await StartCountedAsync(lines.AddTo);
        var old = Master;
        Master = MasterKey.Create();
        var moved = await StartNodeAsync(services => services.Configure<KeyOptions>(options => options.PreviousMasterKey = old));
        await moved.Get<KeyService>().RewrapAsync();
        await moved.Get<KeyService>().RotateAsync(KeyUse.AccessToken, force: true);
        await moved.Get<KeyService>().RotateAsync(KeyUse.AccessToken, force: true);
        await AdvanceUntilAsync(() =>
            lines.Count(1109) > 0
            && left.Get<ServiceReadiness>().FindFaults().Any(static fault => fault.Contains("master key", StringComparison.Ordinal)));
        var (connections, loads, told) = (left.Feed.Connections, store.Loads, lines.Count(1109));

        for (var second = 0; second < 15; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await moved.Sessions.RevokeAsync((await moved.LogInAsync("ada")).Session.Id, RevocationReason.LoggedOut);
            await Task.Delay(20);
        }

        await moved.Sessions.RevokeAsync(session.Id, RevocationReason.LoggedOut);
        await AdvanceUntilAsync(() => left.Revocations.TryFind(session.Id, out _));
        Assert.DoesNotContain(left.Get<ServiceReadiness>().FindFaults(), static fault => fault.Contains("feed", StringComparison.Ordinal));
        Assert.Equal(connections, left.Feed.Connections);
        Assert.InRange(store.Loads - loads, 0, 30);
        Assert.InRange(told, 1, 3);
        Assert.Equal(told, lines.Count(1109));
    }

    private static string Stranger(Node node, Session session)
    {
        using var stranger = SigningKey.Create(SignatureAlgorithm.HS256);
        return node.Get<RefreshTokenCodec>().Write(session.With(session.State with { KeyId = stranger.KeyId! }), stranger);
    }

    private static async Task<SessionTokens> LogInUnderANewKeyAsync(Node node)
    {
        await node.Get<KeyService>().RotateAsync(KeyUse.RefreshToken, force: true);
        await node.Get<KeyService>().RotateAsync(KeyUse.RefreshToken, force: true);
        return await node.LogInAsync("ada");
    }

    /// <summary>A node without its feed, and the token of a key that another node has put in force since.</summary>
    private async Task<(Node Node, string Token, CountingKeyStore Store)> StartBehindAsync()
    {
        var (node, _, store) = await StartCountedAsync();
        var other = await StartNodeAsync();
        node.CutFeed();
        return (node, (await LogInUnderANewKeyAsync(other)).RefreshToken, store);
    }

    private async Task<(Node Node, Session Session, CountingKeyStore Store)> StartCountedAsync(Action<IServiceCollection>? configure = null)
    {
        Accounts.Add("ada");
        var node = await StartNodeAsync(services =>
        {
            CountingKeyStore.Decorate(services);

            // The maintenance would look at the table as well, at a random moment.
            var maintenance = services.Single(static service => service.ImplementationType == typeof(KeyMaintenanceService));
            services[services.IndexOf(maintenance)] = ServiceDescriptor.Singleton<IHostedService, LoadAtStart>();
            configure?.Invoke(services);
        });
        return (node, (await node.LogInAsync("ada")).Session, (CountingKeyStore)node.Get<IKeyStore>());
    }

    /// <summary>Loads the keys once.</summary>
    private sealed class LoadAtStart(IKeySource keys) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => keys.LoadAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
