using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Feed;

/// <summary>
/// A connection to the feed with a time limit for each call. A connection that a firewall has dropped, or whose other end lost its power, does not fail. It
/// stays silent.
/// </summary>
/// <remarks>
/// These limits use the machine's clock, even if the service has another clock, because they are about the network. After a timeout the call still runs until
/// its driver gives up. The connection is closed only then, because a connection in use must not be closed.
/// </remarks>
internal sealed class TimedFeedConnection(IFeedConnection connection, TimeSpan limit) : IAsyncDisposable
{
    /// <summary>The close of a connection whose last call has timed out.</summary>
    private Task? _abandoned;

    /// <summary>The time limit of a call.</summary>
    public TimeSpan Limit { get; set; } = limit;

    /// <param name="feed">The feed.</param>
    /// <param name="limit">The time limit of a call, and of this one.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public static async Task<TimedFeedConnection> ConnectAsync(IRevocationFeed feed, TimeSpan limit, CancellationToken cancellationToken)
    {
        var connecting = feed.ConnectAsync(cancellationToken);
        try
        {
            return new TimedFeedConnection(await connecting.WaitAsync(limit, cancellationToken).ConfigureAwait(false), limit);
        }
        catch
        {
            // The connection is also closed if the attempt has succeeded since, because no caller has it.
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
    /// <remarks>It writes on another connection. If it takes too long, this connection is still usable.</remarks>
    public Task<int> WriteBackAsync(IReadOnlyList<RevocationEntry> entries, FeedMark known, CancellationToken cancellationToken) =>
        connection.WriteBackAsync(entries, known, cancellationToken).WaitAsync(Limit, cancellationToken);

    /// <summary>Waits for news, for at most a period.</summary>
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
            // A driver may miss a cancellation when it begins to wait. Then the wait would last until there is news, or for ever.
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
        // A failed connection may fail again when it is closed. That is not reported.
        await connection.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits for a cancelled call.</summary>
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
