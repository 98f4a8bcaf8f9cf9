using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;

namespace Countersign.Passwords.Tests.Queueing;

/// <summary>Who gets in, and who goes first.</summary>
public sealed class WorkQueueTests
{
    private readonly WorkQueue _queue =
        new(new QueueLimits(1, 1, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), NetworkShare: 1, PerAccount: 100), new WorkRate());

    [Fact]
    public void TryTakeForLane_PlacesTakenBesideTheLanes_NewcomersWait()
    {
        var beside = Add(beginsBlocking: true);
        var newcomer = Add();

        Assert.Null(_queue.TryTakeForLane());
        TakeBeside(beside);
        Assert.Null(_queue.TryTakeForLane());
        _queue.FinishBlocking(beside);

        Assert.Same(newcomer, _queue.TryTakeForLane());
    }

    [Fact]
    public void TryTakeForLane_HandedFromBesideTheLanes_FindsItsPlace()
    {
        var handed = Add(beginsBlocking: true);
        var newcomer = Add();
        TakeBeside(handed);
        _queue.HandToLanes(handed);

        Assert.Same(handed, _queue.TryTakeForLane());
        Assert.Null(_queue.TryTakeForLane());
        _queue.FinishInLane(handed);
        Assert.Same(newcomer, _queue.TryTakeForLane());
    }

    [Fact]
    public void TryRemove_ReadyButNotTaken_GivesItsPlaceToTheNext()
    {
        var ready = Add(beginsBlocking: true);
        var newcomer = Add();

        Assert.True(_queue.TryRemove(ready));
        Assert.False(_queue.TryRemove(ready));
        Assert.Same(newcomer, _queue.TryTakeForLane());
        Assert.False(_queue.TryRemove(newcomer));
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public void Close_ReadyAndHanded_GivesBackWhatNoThreadHasBegun()
    {
        var queue = new WorkQueue(new QueueLimits(1, 2, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), NetworkShare: 1, PerAccount: 100), new WorkRate());
        WorkItem begun = Item(1, default, beginsBlocking: true), ready = Item(1, default), waiting = Item(1, default);
        Assert.All([begun, ready, waiting], item => Assert.Equal(Admission.Admitted, queue.TryAdd(item)));
        using var wake = new SemaphoreSlim(0);
        Assert.Same(begun, queue.TakeBlocking(wake));
        queue.HandToLanes(begun);

        Assert.Equal([waiting, ready], queue.Close());
        Assert.Same(begun, queue.TryTakeForLane());
        queue.FinishInLane(begun);
        Assert.Null(queue.TakeForLane(wake));
    }

    [Fact]
    public void TryAdd_DearWorkAndLanesFree_AsManyAsThereAreLanes()
    {
        // One of these takes 1.3 s of the 2 s that may wait, and more than its network's share.
        var queue = new WorkQueue(new QueueLimits(1, 4, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), NetworkShare: 0.25, PerAccount: 2), new WorkRate(12));
        Admission[] admissions = [.. Enumerable.Range(0, 6).Select(_ => queue.TryAdd(Item(Bcrypt.Rounds(16), new("192.0.2.1", null))))];

        // As many as there are lanes, and one may wait, however dear.
        Assert.Equal([.. Enumerable.Repeat(Admission.Admitted, 5), Admission.QueueFull], admissions);
        Assert.Equal(Admission.NetworkFull, queue.TryAdd(Item(Bcrypt.Rounds(10), new("192.0.2.1", null))));
        for (int lane = 0; lane < 4; lane++)
        {
            Assert.NotNull(queue.TryTakeForLane());
        }

        // None of them is free for the one that waits.
        Assert.Null(queue.TryTakeForLane());
        Assert.Equal(Admission.QueueFull, queue.TryAdd(Item(Bcrypt.Rounds(16), default)));
    }

    /// <summary>What is stored for an account may be dear; it is let in by what such work usually takes, and then counted in full.</summary>
    [Fact]
    public void TryAdd_DearerThanUsual_LetInLikeTheUsual()
    {
        var queue = new WorkQueue(new QueueLimits(1, 1, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), NetworkShare: 0.5, PerAccount: 2), new WorkRate(12));
        PasswordQueueKey network = new("192.0.2.1", null);
        Assert.Equal(Admission.Admitted, queue.TryAdd(Item(Bcrypt.Rounds(12), network)));
        Assert.Equal(Admission.Admitted, queue.TryAdd(Item(Bcrypt.Rounds(12), network)));

        Assert.Equal(Admission.Admitted, queue.TryAdd(Item(Bcrypt.Rounds(16), network, usualRounds: Bcrypt.Rounds(12))));
        Assert.Equal(Admission.NetworkFull, queue.TryAdd(Item(Bcrypt.Rounds(12), network)));
    }

    [Fact]
    public void TryAdd_LanesFree_AccountsStillHaveTheirNumber()
    {
        var queue = new WorkQueue(new QueueLimits(1, 4, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), NetworkShare: 1, PerAccount: 2), new WorkRate());
        Admission[] admissions = [.. Enumerable.Range(0, 3).Select(_ => queue.TryAdd(Item(1, new(null, "ann"))))];

        Assert.Equal([Admission.Admitted, Admission.Admitted, Admission.AccountFull], admissions);
    }

    private static WorkItem<int> Item(long rounds, PasswordQueueKey origin, bool beginsBlocking = false, long? usualRounds = null) =>
        new((_, _) => Enumerable.Empty<BcryptRequest?>().GetEnumerator(), PasswordBytes.Of(""), rounds, origin)
        {
            BeginsBlocking = beginsBlocking,
            UsualRounds = usualRounds ?? rounds,
        };

    private WorkItem Add(bool beginsBlocking = false)
    {
        var item = Item(rounds: 1, default, beginsBlocking);
        Assert.Equal(Admission.Admitted, _queue.TryAdd(item));
        return item;
    }

    private void TakeBeside(WorkItem item)
    {
        using var wake = new SemaphoreSlim(0);
        Assert.Same(item, _queue.TakeBlocking(wake));
    }
}
