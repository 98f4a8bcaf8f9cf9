using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;

namespace Countersign.Passwords.Tests.Queueing;

/// <summary>Who gets in, and who goes first.</summary>
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

    [Fact]
    public void TryAdd_DearWorkAndLanesFree_AsManyAsThereAreLanes()
    {
        // One of these takes 1.3 s of the 2 s that may wait, and more than its network's share.
        var queue = new WorkQueue(new QueueLimits(1, 4, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), NetworkShare: 0.25, PerAccount: 2), new WorkRate(12));
        Admission[] admissions = [.. Enumerable.Range(0, 5).Select(_ => queue.TryAdd(Item(Bcrypt.Rounds(16), new("192.0.2.1", null))))];

        Assert.Equal([Admission.Admitted, Admission.Admitted, Admission.Admitted, Admission.Admitted, Admission.QueueFull], admissions);
        for (int lane = 0; lane < 4; lane++)
        {
            Assert.NotNull(queue.TryTakeForLane());
        }

        // One may wait, however dear; and no lane is free for a second.
        Assert.Equal(Admission.Admitted, queue.TryAdd(Item(Bcrypt.Rounds(16), new("192.0.2.1", null))));
        Assert.Equal(Admission.NetworkFull, queue.TryAdd(Item(Bcrypt.Rounds(10), new("192.0.2.1", null))));
        Assert.Equal(Admission.QueueFull, queue.TryAdd(Item(Bcrypt.Rounds(16), default)));
    }

    [Fact]
    public void TryAdd_LanesFree_AccountsStillHaveTheirNumber()
    {
        var queue = new WorkQueue(new QueueLimits(1, 4, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), NetworkShare: 1, PerAccount: 2), new WorkRate());
        Admission[] admissions = [.. Enumerable.Range(0, 3).Select(_ => queue.TryAdd(Item(1, new(null, "ann"))))];

        Assert.Equal([Admission.Admitted, Admission.Admitted, Admission.AccountFull], admissions);
    }

    private static WorkItem<int> Item(long rounds, PasswordOrigin origin, bool beginsOffLanes = false) =>
        new((_, _) => Enumerable.Empty<BcryptRequest?>().GetEnumerator(), PasswordBytes.Of(""), rounds, origin) { BeginsOffLanes = beginsOffLanes };

    private WorkItem Add(long arrivedAt, bool beginsOffLanes = false)
    {
        var item = Item(rounds: 1, default, beginsOffLanes);
        item.ArrivedAt = arrivedAt;
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
