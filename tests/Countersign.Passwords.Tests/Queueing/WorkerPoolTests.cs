using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;

namespace Countersign.Passwords.Tests.Queueing;

/// <summary>Work gathers in the lanes of one worker before another is woken.</summary>
public sealed class WorkerPoolTests : IDisposable
{
    private readonly SemaphoreSlim _first = new(0);
    private readonly SemaphoreSlim _second = new(0);
    private readonly WorkerPool _line = new(workers: 2, placesPerWorker: 4);

    public WorkerPoolTests()
    {
        _line.Sleeping.Push(_second);
        _line.Sleeping.Push(_first);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void WakeIfNeeded_UpToFour_OneWorkerSuffices()
    {
        for (int arrived = 1; arrived <= 4; arrived++)
        {
            Add();
            Assert.Equal((1, 0), (_first.CurrentCount, _second.CurrentCount));
        }

        Add();
        Assert.Equal((1, 1), (_first.CurrentCount, _second.CurrentCount));
        Add();
        Assert.Equal((1, 1), (_first.CurrentCount, _second.CurrentCount));
    }

    [Fact]
    public void WakeIfNeeded_LanesTaken_CountLikeThoseThatAreReady()
    {
        Add();
        _line.Ready.Clear();
        _line.Running = 3;
        Add();
        Assert.Equal(0, _second.CurrentCount);

        _line.AddBegun(_line.Ready.First!.Value);

        Assert.Equal(1, _second.CurrentCount);
    }

    [Fact]
    public void WakeAll_WhoeverSleeps_IsWoken()
    {
        _line.WakeAll();
        Assert.Equal((1, 1), (_first.CurrentCount, _second.CurrentCount));
    }

    private void Add()
    {
        _line.AddNew(new WorkItem<int>((_, _) => Enumerable.Empty<BcryptRequest?>().GetEnumerator(), PasswordBytes.Of(""), rounds: 1, default));
    }
}
