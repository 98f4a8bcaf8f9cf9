using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;
using Countersign.Passwords.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Passwords.Tests;

/// <summary>
/// One worker of one lane, which holds until told, under a clock that stands: a hash at cost 12 is reckoned at 1/4.4 s, so that eight of them wait within the
/// limit of 2 s and two within a network's quarter.
/// </summary>
public sealed class PasswordEngineQueueTests : IAsyncDisposable
{
    private static readonly AsyncLocal<string?> Caller = new();

    private readonly Gate _gate = new();
    private readonly FakeTimeProvider _time = new();
    private readonly PasswordEngine _engine;
    private readonly Recorder _recorder;

    public PasswordEngineQueueTests()
    {
        _engine = new PasswordEngine(new PasswordEngineOptions { Workers = 1, LanesPerWorker = 1 }, _time, new WorkRate(4.4), _gate.CreateLanes);
        _recorder = new Recorder(_engine.Metrics.Meter);
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await _engine.DisposeAsync();
        _recorder.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task HashAsync_QueueFull_RefusedAtOnceAndTheRestIsServed()
    {
        await OccupyWorkerAsync();
        var waiting = Enumerable.Range(0, 8).Select(_ => _engine.HashAsync("password").AsTask()).ToArray();
        Assert.Equal(8, _engine.QueueDepth);

        var refused = await Assert.ThrowsAsync<PasswordEngineBusyException>(() => _engine.HashAsync("password").AsTask());

        Assert.Equal(TimeSpan.FromSeconds(2), refused.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(2), _engine.RetryAfter);
        Assert.Equal(1, _recorder.Sum(PasswordMetrics.RefusalsName, "queue"));
        _recorder.Observe();
        Assert.Equal(8, _recorder.Sum(PasswordMetrics.DepthName));

        _gate.Open();
        await Task.WhenAll(waiting);
        Assert.Equal(0, _engine.QueueDepth);
        Assert.Equal(TimeSpan.FromSeconds(1), _engine.RetryAfter);
        Assert.StartsWith("$2b$12$", await _engine.HashAsync("password"), StringComparison.Ordinal);
        Assert.Equal(10, _recorder.Count(PasswordMetrics.WaitName));
    }

    [Fact]
    public async Task ThrowIfBusy_AnyState_SaysWhatVerifyWould()
    {
        PasswordQueueKey ann = new(null, "ann"), network = new("192.0.2.1", null);
        _engine.ThrowIfBusy();
        await OccupyWorkerAsync();
        List<Task> waiting = [_engine.HashAsync("password", ann).AsTask(), _engine.HashAsync("password", ann).AsTask()];
        _engine.ThrowIfBusy();
        Assert.Throws<PasswordEngineBusyException>(() => _engine.ThrowIfBusy(ann));
        waiting.AddRange([_engine.HashAsync("password", network).AsTask(), _engine.HashAsync("password", network).AsTask()]);
        _engine.ThrowIfBusy();
        Assert.Throws<PasswordEngineBusyException>(() => _engine.ThrowIfBusy(network));
        waiting.AddRange(Enumerable.Range(0, 4).Select(_ => _engine.HashAsync("password").AsTask()));

        var refused = Assert.Throws<PasswordEngineBusyException>(() => _engine.ThrowIfBusy());

        Assert.Equal(TimeSpan.FromSeconds(2), refused.RetryAfter);
        Assert.Equal(8, _engine.QueueDepth);
        Assert.Equal((1, 1, 1), (Refusals("account"), Refusals("network"), Refusals("queue")));
        _gate.Open();
        await Task.WhenAll(waiting);
        _engine.ThrowIfBusy(ann);
        await _engine.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => _engine.ThrowIfBusy());

        double Refusals(string reason) => _recorder.Sum(PasswordMetrics.RefusalsName, reason);
    }

    [Fact]
    public async Task VerifyAsync_DearStoredHash_TakesItsShareOfTheQueue()
    {
        await OccupyWorkerAsync();

        // Cost 15 is eight times cost 12: it fills the queue by itself.
        var dear = _engine.VerifyAsync("password", "$2b$15$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC").AsTask();

        await Assert.ThrowsAsync<PasswordEngineBusyException>(() => _engine.HashAsync("password").AsTask());
        _gate.Open();
        Assert.Equal(PasswordVerification.Failed, await dear);
    }

    [Fact]
    public async Task VerifyAsync_DearerThanTheWholeQueue_StillRunsAlone()
    {
        await OccupyWorkerAsync();
        var dear = _engine.VerifyAsync("password", "$2b$16$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC", new("network", "account")).AsTask();
        Assert.Equal(1, _engine.QueueDepth);

        _gate.Open();
        Assert.Equal(PasswordVerification.Failed, await dear);
    }

    [Fact]
    public async Task HashAsync_NetworkOverItsShare_RefusedWhileOthersGetIn()
    {
        await OccupyWorkerAsync();
        Task[] admitted =
        [
            _engine.HashAsync("password", new("192.0.2.1", null)).AsTask(),
            _engine.HashAsync("password", new("192.0.2.1", null)).AsTask(),
        ];

        await Assert.ThrowsAsync<PasswordEngineBusyException>(() => _engine.HashAsync("password", new("192.0.2.1", null)).AsTask());
        Assert.Equal(1, _recorder.Sum(PasswordMetrics.RefusalsName, "network"));

        var other = _engine.HashAsync("password", new("192.0.2.2", null)).AsTask();
        var nobody = _engine.HashAsync("password").AsTask();
        Assert.Equal(4, _engine.QueueDepth);
        _gate.Open();
        await Task.WhenAll([.. admitted, other, nobody]);
        await _engine.HashAsync("password", new("192.0.2.1", null));
    }

    [Fact]
    public async Task VerifyAsync_AccountWithTwoWaitingOrRunning_RefusedUntilOneIsDone()
    {
        var origin = new PasswordQueueKey(null, "ann");
        var running = _engine.VerifyAsync("password", null, origin).AsTask();
        await _gate.BegunAsync();
        var waiting = _engine.VerifyAsync("password", null, origin).AsTask();

        await Assert.ThrowsAsync<PasswordEngineBusyException>(() => _engine.VerifyAsync("password", null, origin).AsTask());
        Assert.Equal(1, _recorder.Sum(PasswordMetrics.RefusalsName, "account"));
        var bob = _engine.VerifyAsync("password", null, new(null, "bob")).AsTask();

        _gate.Open(1);
        await running;

        // Who has an answer may ask again at once.
        var next = _engine.VerifyAsync("password", null, origin).AsTask();
        _gate.Open();
        await Task.WhenAll(waiting, bob, next);
    }

    [Fact]
    public async Task HashAsync_CancelledWhileWaiting_LeavesTheQueueAndFreesItsPlaces()
    {
        await OccupyWorkerAsync();
        using var cancellation = new CancellationTokenSource();
        var origin = new PasswordQueueKey("192.0.2.1", "ann");
        var first = _engine.HashAsync("password", origin, cancellation.Token).AsTask();
        var second = _engine.HashAsync("password", origin, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(0, _engine.QueueDepth);
        Task[] next = [_engine.HashAsync("password", origin).AsTask(), _engine.HashAsync("password", origin).AsTask()];
        _gate.Open();
        await Task.WhenAll(next);
        Assert.Equal(3, _gate.Calls);
    }

    [Fact]
    public async Task HashAsync_CancelledBefore_NeverEntersTheQueue()
    {
        var answer = _engine.HashAsync("password", default, new CancellationToken(canceled: true)).AsTask();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal(0, _gate.Calls);
    }

    [Fact]
    public async Task HashAsync_CancelledWhileRunning_DroppedAndItsPlaceIsFree()
    {
        using var cancellation = new CancellationTokenSource();
        var origin = new PasswordQueueKey("192.0.2.1", "ann");
        var running = _engine.HashAsync("password", origin, cancellation.Token).AsTask();
        await _gate.BegunAsync();
        await cancellation.CancelAsync();

        _gate.Open();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(cancellation.Token, exception.CancellationToken);
        await Task.WhenAll(_engine.HashAsync("password", origin).AsTask(), _engine.HashAsync("password", origin).AsTask());
        Assert.Equal(2, _recorder.Sum(PasswordMetrics.HashesName));
    }

    [Fact]
    public async Task HashAsync_WaitsLongerThanTheDeadline_Refused()
    {
        await OccupyWorkerAsync();
        var waiting = _engine.HashAsync("password", new(null, "ann")).AsTask();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(1, _engine.QueueDepth);

        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(0, _engine.QueueDepth);
        Assert.Equal(1, _recorder.Sum(PasswordMetrics.RefusalsName, "deadline"));
        await Assert.ThrowsAsync<PasswordEngineBusyException>(() => waiting);
    }

    [Fact]
    public async Task HashAsync_RunsPastTheDeadline_AnswerStands()
    {
        var running = _engine.HashAsync("password").AsTask();
        await _gate.BegunAsync();
        _time.Advance(TimeSpan.FromSeconds(6));

        _gate.Open();
        Assert.StartsWith("$2b$12$", await running, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HashAsync_HoweverItEnds_LeavesNoTimerBehind()
    {
        var time = new CountingTimeProvider();
        using var cancellation = new CancellationTokenSource();
        await using var engine = new PasswordEngine(
            new PasswordEngineOptions { Workers = 1, LowestCost = 4, Cost = 4, MaxPerAccount = 3, LanesPerWorker = 1 },
            time, new WorkRate(), _gate.CreateLanes);
        var running = engine.HashAsync("password").AsTask();
        await _gate.BegunAsync();
        var origin = new PasswordQueueKey(null, "ann");
        var cancelled = engine.HashAsync("password", origin, cancellation.Token).AsTask();
        Task[] waiting = [engine.HashAsync("password", origin).AsTask(), engine.HashAsync("password", origin).AsTask()];
        await Assert.ThrowsAsync<PasswordEngineBusyException>(() => engine.HashAsync("password", origin).AsTask());
        int whileWaiting = time.LiveTimers;
        await cancellation.CancelAsync();
        int afterCancelling = time.LiveTimers;
        _gate.Open();

        Assert.Equal((3, 2), (whileWaiting, afterCancelling));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Task.WhenAll([running, .. waiting]);
        Assert.Equal(0, time.LiveTimers);

        // Now the worker is idle, and often faster than the caller is at setting the timer.
        for (var i = 0; i < 200; i++)
        {
            await engine.HashAsync("password");
        }

        Assert.Equal(0, time.LiveTimers);
    }

    [Fact]
    public async Task DisposeAsync_WorkQueued_FinishesWhatRunsAndEndsWhatWaits()
    {
        var running = _engine.HashAsync("password").AsTask();
        await _gate.BegunAsync();
        var waiting = _engine.HashAsync("password").AsTask();

        var disposal = _engine.DisposeAsync().AsTask();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _engine.HashAsync("password").AsTask());
        Assert.False(disposal.IsCompleted);
        _gate.Open();
        Assert.StartsWith("$2b$12$", await running, StringComparison.Ordinal);
        await disposal;
        await _engine.DisposeAsync();
        Assert.Equal(1, _gate.Calls);
    }

    [Fact]
    public async Task HashAsync_KernelThrows_CallerGetsItAndTheWorkerGoesOn()
    {
        int calls = 0;
        IBcryptLanes CreateLanes(int width) => new ProbingLanes(width, () =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                throw new InvalidOperationException("Broken once.");
            }
        });
        await using var engine = new PasswordEngine(
            new PasswordEngineOptions { Workers = 1, LowestCost = 4, Cost = 4, MaxPerAccount = 1 }, _time, new WorkRate(), CreateLanes);
        var origin = new PasswordQueueKey("192.0.2.1", "ann");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => engine.HashAsync("password", origin).AsTask());

        Assert.Equal("Broken once.", exception.Message);
        Assert.StartsWith("$2b$04$", await engine.HashAsync("password", origin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HashAsync_Always_RunsOnNicedThreadsOfItsOwn()
    {
        string? thread = null;
        int? niceness = null;
        bool isPooled = true;
        string? context = null;
        IBcryptLanes CreateLanes(int width) => new ProbingLanes(width, () =>
        {
            thread = Thread.CurrentThread.Name;
            isPooled = Thread.CurrentThread.IsThreadPoolThread;
            context = Caller.Value;
            niceness = ThreadStat.NicenessOf("thread-self");
        });
        Caller.Value = "whoever made the engine";
        await using var engine = new PasswordEngine(new PasswordEngineOptions { LowestCost = 4, Cost = 4 }, TimeProvider.System, new WorkRate(), CreateLanes);
        await engine.HashAsync("password");

        Assert.False(isPooled);
        Assert.Null(context);
        Assert.StartsWith("Countersign password worker ", thread, StringComparison.Ordinal);
        Assert.SkipWhen(niceness is null, "Niceness of a thread exists on Linux only.");
        Assert.True(niceness >= ThreadNiceness.Niceness, $"Niceness {niceness}.");
    }

    private async Task OccupyWorkerAsync()
    {
        _ = _engine.HashAsync("password").AsTask();
        await _gate.BegunAsync();
        Assert.Equal(0, _engine.QueueDepth);
    }
}
