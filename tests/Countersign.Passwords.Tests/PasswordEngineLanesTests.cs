using System.Diagnostics.Metrics;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;
using Countersign.Passwords.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Passwords.Tests;

/// <summary>One worker with four lanes, chunk by chunk. New hashes have cost 6: 64 rounds, four chunks.</summary>
public sealed class PasswordEngineLanesTests : IAsyncDisposable
{
    private const long Chunk = LaneWorker.ChunkRounds;

    private readonly SteppedLanes _lanes = new(4);
    private readonly PasswordEngine _engine;
    private readonly Recorder _recorder;

    public PasswordEngineLanesTests()
    {
        var options = new PasswordEngineOptions { Workers = 1, LowestCost = 4, Cost = 6, MaxStoredCost = 9 };
        _engine = new PasswordEngine(options, new FakeTimeProvider(), new WorkRate(), _ => _lanes);
        _recorder = new Recorder(_engine.Metrics.Meter);
    }

    public async ValueTask DisposeAsync()
    {
        _lanes.StepFreely();
        await _engine.DisposeAsync();
        _recorder.Dispose();
    }

    [Fact]
    public async Task HashAsync_AnotherIsHalfWay_JoinsAtTheNextChunk()
    {
        var first = _engine.HashAsync("first").AsTask();
        await AssertChunkAsync([64]);
        _lanes.Step();
        await AssertChunkAsync([48]);

        var second = _engine.HashAsync("second").AsTask();
        _lanes.Step();

        await AssertChunkAsync([32, 64]);
        Assert.Equal(0, _engine.QueueDepth);
        _lanes.Step(2);
        await _lanes.AtChunkAsync();
        await AssertChunkAsync([32]);
        _lanes.StepFreely();
        Assert.Equal(PasswordVerification.Success, await _engine.VerifyAsync("first", await first));
        Assert.Equal(PasswordVerification.Success, await _engine.VerifyAsync("second", await second));
    }

    [Fact]
    public async Task VerifyAsync_CostsFourToNine_MixAndTheFifthTakesTheLaneThatEnds()
    {
        var first = Verify(9);
        await _lanes.AtChunkAsync();
        Task<PasswordVerification>[] others = [Verify(6), Verify(8), Verify(7), Verify(9), Verify(6)];
        Assert.Equal(5, _engine.QueueDepth);
        _lanes.Step();

        await AssertChunkAsync([512 - Chunk, 64, 256, 128]);
        Assert.Equal(2, _engine.QueueDepth);
        _recorder.Observe();
        Assert.Equal(4, _recorder.Sum(PasswordMetrics.LanesName));
        _lanes.StepFreely();

        Assert.All(await Task.WhenAll([first, .. others]), answer => Assert.Equal(PasswordVerification.Failed, answer));
        Assert.Equal(512 + 64 + 256 + 128 + 512 + 64, _recorder.Sum(PasswordMetrics.RoundsName));

        // While anything waited, every lane had work; after that they ended one by one.
        long[][] chunks = [.. _lanes.Chunks];
        Assert.All(chunks.Skip(1).TakeWhile(lanes => lanes.Length == 4), lanes => Assert.All(lanes, left => Assert.InRange(left, Chunk, 512)));
        int[] widths = [.. chunks.Skip(1).Select(lanes => lanes.Length)];
        Assert.Equal(widths.OrderDescending(), widths);
        Assert.Equal((4, 1), (widths[0], widths[^1]));

        // As many chunks as the longest chain of lanes takes: 64 rounds, then 512 (the first has 16 less by then).
        Assert.Equal((64 + 512) / Chunk, widths.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task HashAsync_CancelledInTheMiddle_DroppedAtTheNextChunkAndTheOthersGoOn(int cancelled)
    {
        using var cancellation = new CancellationTokenSource();
        Task<string>[] hashes = [.. Enumerable.Range(0, 4).Select(number => _engine.HashAsync(
            $"password {number}", new(null, $"account {number}"), number == cancelled ? cancellation.Token : default).AsTask())];
        while ((await _lanes.AtChunkAsync()).Length < 4)
        {
            _lanes.Step();
        }

        await cancellation.CancelAsync();
        Assert.False(hashes[cancelled].IsCompleted);
        _lanes.Step();

        Assert.Equal(3, (await _lanes.AtChunkAsync()).Length);
        long dropped = Assert.Single(_lanes.Dropped);
        Assert.InRange(dropped, 1, 63);
        AssertZero(_lanes.Memory[(3 * LaneLayout.Stride)..]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hashes[cancelled]);
        _lanes.StepFreely();
        for (int number = 0; number < 4; number++)
        {
            if (number != cancelled)
            {
                Assert.Equal(PasswordVerification.Success, await _engine.VerifyAsync($"password {number}", await hashes[number]));
            }
        }
    }

    [Fact]
    public async Task DisposeAsync_LanesFullAndWorkQueued_FinishesTheLanesAndRefusesTheRest()
    {
        Task<PasswordVerification>[] running = [Verify(6), Verify(7), Verify(8), Verify(9)];
        while ((await _lanes.AtChunkAsync()).Length < 4)
        {
            _lanes.Step();
        }

        Task<PasswordVerification>[] waiting = [Verify(6), Verify(6), Verify(6)];
        var disposal = _engine.DisposeAsync().AsTask();

        foreach (var refused in waiting)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => refused);
        }

        Assert.False(disposal.IsCompleted);
        Assert.All(running, task => Assert.False(task.IsCompleted));
        _lanes.StepFreely();
        Assert.All(await Task.WhenAll(running), answer => Assert.Equal(PasswordVerification.Failed, answer));
        await disposal;
        Assert.Equal(4, _recorder.Count(PasswordMetrics.HashesName));
    }

    [Fact]
    public async Task HashAsync_ChunkThrows_ThoseInTheLanesFailAndTheWorkerGoesOn()
    {
        var origin = new PasswordQueueKey(null, "ann");
        Task<string>[] running = [_engine.HashAsync("password", origin).AsTask(), _engine.HashAsync("password", origin).AsTask()];
        while ((await _lanes.AtChunkAsync()).Length < 2)
        {
            _lanes.Step();
        }

        _lanes.FailNextChunk(new InvalidOperationException("Broken once."));
        _lanes.Step();

        foreach (var failed in running)
        {
            Assert.Equal("Broken once.", (await Assert.ThrowsAsync<InvalidOperationException>(() => failed)).Message);
        }

        Assert.Equal(0, _lanes.Active);
        AssertZero(_lanes.Memory);
        _lanes.StepFreely();
        Assert.StartsWith("$2b$06$", await _engine.HashAsync("password", origin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HashAsync_ListenerOfTheMetricsThrows_OnlyThatOneFails()
    {
        using var listener = new MeterListener { InstrumentPublished = Enable };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (tags.Contains(new("cost", 6)))
            {
                throw new InvalidOperationException("A listener's fault.");
            }
        });
        listener.Start();
        Task<string> hash = _engine.HashAsync("password").AsTask();
        Task<PasswordVerification> longer = Verify(7);
        _lanes.StepFreely();

        Assert.Equal("A listener's fault.", (await Assert.ThrowsAsync<InvalidOperationException>(() => hash)).Message);
        Assert.Equal(PasswordVerification.Failed, await longer);

        void Enable(Instrument instrument, MeterListener own)
        {
            if (ReferenceEquals(instrument.Meter, _engine.Metrics.Meter) && instrument.Name == PasswordMetrics.HashesName)
            {
                own.EnableMeasurementEvents(instrument);
            }
        }
    }

    [Fact]
    public async Task VerifyAsync_OtherScheme_IsComputedWhileTheLanesStandStill()
    {
        var running = _engine.HashAsync("password").AsTask();
        await _lanes.AtChunkAsync();

        // The worker holds: whoever answers this is another.
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, await _engine.VerifyAsync("password", Hashers.Django("password")));

        Assert.False(running.IsCompleted);
    }

    [Fact]
    public async Task VerifyAsync_OtherSchemeWrongPassword_MakesUpTheDifferenceInALane()
    {
        var first = _engine.VerifyAsync("wrong", Hashers.Django("password")).AsTask();

        await AssertChunkAsync([64]);
        var second = Verify(6);
        _lanes.Step();
        await AssertChunkAsync([48, 64]);
        _lanes.StepFreely();
        Assert.Equal(PasswordVerification.Failed, await first);
        Assert.Equal(PasswordVerification.Failed, await second);
    }

    [Fact]
    public async Task VerifyAsync_ManyOfOtherSchemesWithLanesFull_WaitInTheQueueNotBehindIt()
    {
        Task<PasswordVerification>[] running = [Verify(9), Verify(9), Verify(9), Verify(9)];
        while ((await _lanes.AtChunkAsync()).Length < 4)
        {
            _lanes.Step();
        }

        // Every place is taken, so they wait like any other work, though the thread beside the lanes is idle.
        Task<PasswordVerification>[] others = [.. Enumerable.Range(0, 6).Select(_ => _engine.VerifyAsync("wrong", Hashers.Django("password")).AsTask())];
        Assert.Equal(6, _engine.QueueDepth);
        _lanes.StepFreely();
        Assert.All(await Task.WhenAll([.. running, .. others]), answer => Assert.Equal(PasswordVerification.Failed, answer));
        Assert.Equal(0, _engine.QueueDepth);
    }

    [Fact]
    public async Task HashAsync_MoreThanOneWorkersLanes_TheSecondWorkerTakesTheRest()
    {
        var both = new List<SteppedLanes>();
        var options = new PasswordEngineOptions { Workers = 2, LowestCost = 4, Cost = 9 };
        await using var engine = new PasswordEngine(options, new FakeTimeProvider(), new WorkRate(), width =>
        {
            both.Add(new SteppedLanes(width));
            return both[^1];
        });
        Task<string>[] five = [.. Enumerable.Range(0, 5).Select(_ => engine.HashAsync("password").AsTask())];

        // A hash takes 32 chunks: in a few of them nothing ends, and one worker alone would leave the fifth waiting.
        for (int chunk = 0; chunk < 4; chunk++)
        {
            both.ForEach(lanes => lanes.Step());
            SpinWait.SpinUntil(() => engine.QueueDepth == 0, TimeSpan.FromMilliseconds(500));
        }

        Assert.True(SpinWait.SpinUntil(() => engine.QueueDepth == 0, Patience.Limit));
        Assert.All(five, hash => Assert.False(hash.IsCompleted));
        both.ForEach(lanes => lanes.StepFreely());
        await Task.WhenAll(five);
        Assert.All(both, lanes => Assert.NotEmpty(lanes.Chunks));
    }

    private static void AssertZero(ReadOnlySpan<byte> memory) => Assert.Equal(-1, memory.IndexOfAnyExcept((byte)0));

    private async Task AssertChunkAsync(long[] roundsLeft) => Assert.Equal(roundsLeft, await _lanes.AtChunkAsync());

    /// <summary>A comparison, of this cost, that fails.</summary>
    private Task<PasswordVerification> Verify(int cost) =>
        _engine.VerifyAsync("password", $"$2b$0{cost}$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC").AsTask();
}
