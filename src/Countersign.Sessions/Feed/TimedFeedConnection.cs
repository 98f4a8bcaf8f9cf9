using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Feed;

/// <summary>
/// A connection to the feed whose calls are given up when they take too long: a link that a firewall has forgotten, or whose other end has lost its power,
/// does not break, it is silent.
/// </summary>
/// <remarks>
/// These limits run by the machine's clock, whatever clock the service is told: they are about a network. A call that was given up goes on until its driver
/// gives up as well, and only then is the connection closed, since nobody may close one in use.
/// </remarks>
internal sealed class TimedFeedConnection(IFeedConnection connection, TimeSpan limit) : IAsyncDisposable
{
    /// <summary>What becomes of a connection whose last call nobody waits for.</summary>
    private Task? _abandoned;

    /// <summary>What a call may take.</summary>
    public TimeSpan Limit { get; set; } = limit;

    /// <summary>Connects.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="limit">What a call may take, this one too.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<TimedFeedConnection> ConnectAsync(IRevocationFeed feed, TimeSpan limit, CancellationToken cancellationToken)
    {
        var connecting = feed.ConnectAsync(cancellationToken);
        try
        {
            return new TimedFeedConnection(await connecting.WaitAsync(limit, cancellationToken).ConfigureAwait(false), limit);
        }
        catch
        {
            // Also where it has ended since: what it opened is nobody's.
            _ = CloseAfterAsync(connecting);
            throw;
        }
    }

    /// <inheritdoc cref="IFeedConnection.LoadAsync" />
    public Task<FeedPage> LoadAsync(FeedPosition after, int count, CancellationToken cancellationToken) =>
        CallAsync(connection.LoadAsync(after, count, cancellationToken), cancellationToken);

    /// <inheritdoc cref="IFeedConnection.ReadAsync" />
    public Task<FeedPage> ReadAsync(long after, int count, CancellationToken cancellationToken) =>
        CallAsync(connection.ReadAsync(after, count, cancellationToken), cancellationToken);

    /// <inheritdoc cref="IFeedConnection.WriteBackAsync" />
    /// <remarks>It writes on a connection of its own: when it takes too long, this one is as good as before.</remarks>
    public Task<int> WriteBackAsync(IReadOnlyList<RevocationEntry> entries, long epoch, CancellationToken cancellationToken) =>
        connection.WriteBackAsync(entries, epoch, cancellationToken).WaitAsync(Limit, cancellationToken);

    /// <summary>Waits for news, and for no longer than a period.</summary>
    public async Task WaitAsync(TimeSpan period, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(period, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        var waiting = connection.WaitAsync(either.Token);
        try
        {
            await waiting.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // A driver that is told to give up as it begins to wait may not hear of it, and would be waited for until there is news, or for ever.
            await EndAsync(waiting).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _abandoned is null ? connection.DisposeAsync() : ValueTask.CompletedTask;

    private static async Task CloseAfterAsync(Task<IFeedConnection> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully)
        {
            var late = await connecting.ConfigureAwait(false);
            await CloseAsync(late).ConfigureAwait(false);
        }
    }

    private static async Task CloseAfterAsync(Task call, IFeedConnection connection)
    {
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync(connection).ConfigureAwait(false);
    }

    private static async Task CloseAsync(IFeedConnection connection)
    {
        // A connection that failed may fail again as it is closed: there is nobody left to tell.
        await connection.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits for a call that was told to give up.</summary>
    private async Task EndAsync(Task call)
    {
        try
        {
            await CallAsync(call, CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<TResult> CallAsync<TResult>(Task<TResult> call, CancellationToken cancellationToken)
    {
        await CallAsync((Task)call, cancellationToken).ConfigureAwait(false);
        return await call.ConfigureAwait(false);
    }

    private async Task CallAsync(Task call, CancellationToken cancellationToken)
    {
        try
        {
            await call.WaitAsync(Limit, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!call.IsCompleted)
        {
            _abandoned = CloseAfterAsync(call, connection);
            throw;
        }
    }
}
