using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>
/// The real feed with a tap on it: what a node reads can be changed, counted and held up. Unless a test says otherwise the database's clock is left out,
/// since the clock of a test is another one.
/// </summary>
internal sealed class TappedFeed(IRevocationFeed inner) : IRevocationFeed
{
    private int _connections;
    private int _loads;

    /// <summary>How often it was connected to.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many pages were loaded.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>What the database's clock says; null leaves it out.</summary>
    public Func<DateTimeOffset?> Clock { get; set; } = static () => null;

    /// <summary>What comes before each call, connecting too.</summary>
    public Func<Task> Before { get; set; } = static () => Task.CompletedTask;

    /// <summary>Whether the store's news are kept back, so that nothing but polling is left.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Puts it before the feed that is registered.</summary>
    public static void Decorate(IServiceCollection services) => services.Decorate<IRevocationFeed>(static feed => new TappedFeed(feed));

    public async Task<IFeedConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await Before();
        Interlocked.Increment(ref _connections);
        return new TappedConnection(await inner.ConnectAsync(cancellationToken), this);
    }

    private sealed class TappedConnection(IFeedConnection inner, TappedFeed feed) : IFeedConnection
    {
        public async Task<FeedPage> LoadAsync(FeedPosition after, int limit, CancellationToken cancellationToken)
        {
            await feed.Before();
            Interlocked.Increment(ref feed._loads);
            return Told(await inner.LoadAsync(after, limit, cancellationToken));
        }

        public async Task<FeedPage> ReadAsync(long after, int limit, CancellationToken cancellationToken)
        {
            await feed.Before();
            return Told(await inner.ReadAsync(after, limit, cancellationToken));
        }

        public Task WaitAsync(CancellationToken cancellationToken) =>
            feed.IsDeaf ? Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken) : inner.WaitAsync(cancellationToken);

        public async Task<int> WriteBackAsync(IReadOnlyList<RevocationEntry> entries, FeedMark known, CancellationToken cancellationToken)
        {
            await feed.Before();
            return await inner.WriteBackAsync(entries, known, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private FeedPage Told(FeedPage page) => page with { DatabaseTime = feed.Clock() };
    }
}
