using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;

namespace Countersign.Passwords.Tests.Queueing;

/// <summary>Whatever line an item stands in, lanes take the one that came first.</summary>
public sealed class WorkQueueTests
{
    private readonly WorkQueue _queue =
        new(new QueueLimits(1, 1, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), NetworkShare: 1, PerAccount: 100), new WorkRate());

    [Fact]
    public void TryTakeForLane_HandedItemCameLater_NewcomerGoesFirst()
    {
        var newcomer = Add(arrivedAt: 1);
        var handed = Add(arrivedAt: 2, beginsOffLanes: true);
        HandToLanes(handed);

        Assert.Same(newcomer, _queue.TryTakeForLane());
        Assert.Same(handed, _queue.TryTakeForLane());
        Assert.Null(_queue.TryTakeForLane());
    }

    [Fact]
    public void TryTakeForLane_HandedItemCameEarlier_GoesFirst()
    {
        var handed = Add(arrivedAt: 1, beginsOffLanes: true);
        var newcomer = Add(arrivedAt: 2);
        HandToLanes(handed);

        Assert.Same(handed, _queue.TryTakeForLane());
        Assert.Same(newcomer, _queue.TryTakeForLane());
    }

    private WorkItem Add(long arrivedAt, bool beginsOffLanes = false)
    {
        var item = new WorkItem<int>((_, _) => Enumerable.Empty<BcryptRequest?>().GetEnumerator(), PasswordBytes.Of(""), rounds: 1, default)
        {
            ArrivedAt = arrivedAt,
            BeginsOffLanes = beginsOffLanes,
        };
        Assert.Equal(Admission.Admitted, _queue.TryAdd(item));
        return item;
    }

    /// <summary>What a thread beside the lanes does with it.</summary>
    private void HandToLanes(WorkItem item)
    {
        using var wake = new SemaphoreSlim(0);
        Assert.Same(item, _queue.TakeOffLanes(wake));
        _queue.HandToLanes(item);
    }
}
