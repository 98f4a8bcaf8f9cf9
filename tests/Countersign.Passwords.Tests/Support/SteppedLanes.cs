using System.Collections.Concurrent;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Tests.Support;

/// <summary>Lanes that compute a chunk only when told, and write down what they were asked to do. For an engine with one worker.</summary>
internal sealed class SteppedLanes(int width) : TestLanes(width)
{
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _steps = new(0);
    private volatile Exception? _fault;

    /// <summary>One for each chunk: what the lanes had left when it began.</summary>
    public ConcurrentQueue<long[]> Chunks { get; } = new();

    /// <summary>Rounds that dropped lanes had left.</summary>
    public ConcurrentQueue<long> Dropped { get; } = new();

    /// <summary>
    /// Waits until the worker is at the beginning of a chunk, where it stays until it may <see cref="Step"/>. Gives what the lanes have left.
    /// </summary>
    public async Task<long[]> AtChunkAsync()
    {
        Assert.True(await _arrived.WaitAsync(Patience.Limit), "No chunk began.");
        return Chunks.Last();
    }

    public void Step(int chunks = 1) => _steps.Release(chunks);

    public void StepFreely() => _steps.Release(1_000_000);

    public void FailNextChunk(Exception fault) => _fault = fault;

    public override void Advance(long rounds)
    {
        Chunks.Enqueue([.. Enumerable.Range(0, Active).Select(RoundsLeft)]);
        _arrived.Release();
        _steps.Wait();
        if (Interlocked.Exchange(ref _fault, null) is { } fault)
        {
            throw fault;
        }

        base.Advance(rounds);
    }

    public override void Drop(int lane)
    {
        Dropped.Enqueue(RoundsLeft(lane));
        base.Drop(lane);
    }
}
