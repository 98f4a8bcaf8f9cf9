using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.StoreSpecification;

/// <summary>One node of the service without its web part: the real services on the real store, started and stopped as a host does it.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly List<IHostedService> _started = [];

    private Node(ServiceProvider provider) => _provider = provider;

    public SessionService Sessions => Get<SessionService>();

    public TokenValidator Validator => Get<TokenValidator>();

    public RevocationList Revocations => Get<RevocationList>();

    /// <summary>The feed, with its tap.</summary>
    public TappedFeed Feed => (TappedFeed)Get<IRevocationFeed>();

    public ISessionStore Store => Get<ISessionStore>();

    public static async Task<Node> StartAsync(
        Action<CountersignBuilder> addStores, AccountDirectory accounts, TimeProvider time, string masterKey, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(time);
        services.AddSingleton<IAccounts>(accounts);
        services.AddCountersignSessions();
        services.Configure<CountersignTokenOptions>(static options => options.Issuer = "https://auth.example.com");
        services.Configure<KeyOptions>(options => options.MasterKey = masterKey);
        addStores(new CountersignBuilder(services, typeof(object)));
        TappedFeed.Decorate(services);
        services.Decorate<ISessionStore>(store => new JoiningStore(store, accounts));
        configure?.Invoke(services);

        var node = new Node(services.BuildServiceProvider());
        try
        {
            foreach (var service in node._provider.GetServices<IHostedService>())
            {
                await service.StartAsync(CancellationToken.None);
                node._started.Add(service);
            }

            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>From now on the node hears nothing of the others: for what it does before it has heard of something.</summary>
    public void CutFeed() => ((TappedFeed)Get<IRevocationFeed>()).Before = static () => throw new TimeoutException();

    public async Task<SessionTokens> LogInAsync(string userId) =>
        (await Sessions.StartAsync(userId, new SignInContext())).Pair();

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(_started))
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _provider.DisposeAsync();
    }
}
