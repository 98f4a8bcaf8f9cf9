using Countersign.Sessions.Feed;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Tests.Feed;

/// <summary>A link whose driver does not do what it is told.</summary>
public sealed class TimedFeedConnectionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task WaitAsync_DriverThatDoesNotGiveUp_IsLeftToItselfAndClosedWhenItDoes()
    {
        var connection = new DeafConnection();
        var link = new TimedFeedConnection(connection, Limit);

        await Assert.ThrowsAsync<TimeoutException>(() => link.WaitAsync(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None));
        await link.DisposeAsync();
        Assert.False(connection.Closed.IsCompleted);
        connection.News.SetResult();

        await connection.Closed;
    }

    [Fact]
    public async Task WaitAsync_DriverThatGivesUpLate_IsStillGood()
    {
        var connection = new DeafConnection();
        var link = new TimedFeedConnection(connection, TimeSpan.FromMinutes(1));

        var waiting = link.WaitAsync(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        await Task.Delay(50);
        connection.News.SetResult();
        await waiting;
        await link.DisposeAsync();

        Assert.True(connection.Closed.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WaitAsync_ToldToStopAndTheDriverDoesNotGiveUp_Ends()
    {
        var link = new TimedFeedConnection(new DeafConnection(), Limit);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(10));

        await Assert.ThrowsAsync<TimeoutException>(() => link.WaitAsync(TimeSpan.FromDays(1), TimeProvider.System, stop.Token));
    }

    /// <summary>Waits for news, whatever its token says.</summary>
    private sealed class DeafConnection : IFeedConnection
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource News { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Closed => _closed.Task;

        public Task WaitAsync(CancellationToken cancellationToken) => News.Task;

        public Task<FeedPage> LoadAsync(FeedPosition after, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FeedPage> ReadAsync(long after, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> WriteBackAsync(IReadOnlyList<RevocationEntry> entries, FeedMark known, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            _closed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
