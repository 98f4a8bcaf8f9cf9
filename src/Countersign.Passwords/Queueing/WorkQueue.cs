using System.Runtime.InteropServices;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Queueing;

/// <summary>
/// Work in order of arrival. Limits on its estimated time apply to all work and to each network; a limit on the number applies to each account. As many items
/// run at once as there are lanes, in a lane or on a thread beside the lanes. So the scheme of a stored hash never decides whether or when work gets a place,
/// and work that returns from beside the lanes always finds a free lane. Safe for use by many threads. It never runs or answers work itself.
/// </summary>
internal sealed class WorkQueue(QueueLimits limits, WorkRate rate)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<WorkItem> _waiting = new();
    private readonly WorkerPool _lanes = new(limits.Workers, limits.LanesPerWorker);
    private readonly WorkerPool _blocking = new(limits.Workers, placesPerWorker: 1);
    private readonly Dictionary<string, long> _roundsOfNetworks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _itemsOfAccounts = new(StringComparer.Ordinal);
    private long _roundsWaiting;
    private bool _closed;

    /// <summary>The number of items that no thread has taken yet.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _lanes.Ready.Count + _blocking.Ready.Count;
            }
        }
    }

    /// <summary>The number of lanes that have work.</summary>
    public int BusyLanes
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Running;
            }
        }
    }

    /// <summary>The estimated time of the work that waits now.</summary>
    public TimeSpan EstimatedWait
    {
        get
        {
            lock (_gate)
            {
                return TimeFor(_roundsWaiting);
            }
        }
    }

    /// <summary>Items that have a place: they run, or the next free thread of their kind takes them.</summary>
    private int InHand => _lanes.InHand + _blocking.InHand;

    private bool HasFreePlace => InHand < limits.Workers * limits.LanesPerWorker;

    /// <summary>Gives the item a place, or returns why it has none.</summary>
    public Admission TryAdd(WorkItem item)
    {
        lock (_gate)
        {
            var admission = Judge(item.Origin, item.UsualRounds);
            if (admission != Admission.Admitted)
            {
                return admission;
            }

            if (item.Origin.Account is { } account)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_itemsOfAccounts, account, out _)++;
            }

            item.Place = _waiting.AddLast(item);
            _roundsWaiting += item.Rounds;
            if (item.Origin.Network is { } network)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_roundsOfNetworks, network, out _) += item.Rounds;
            }

            FillPlaces();
            return Admission.Admitted;
        }
    }

    /// <summary>The result that work of this size would get now.</summary>
    public Admission Probe(PasswordQueueKey origin, long rounds)
    {
        lock (_gate)
        {
            return Judge(origin, rounds);
        }
    }

    /// <summary>Returns the next item for a lane, if there is one now.</summary>
    public WorkItem? TryTakeForLane()
    {
        lock (_gate)
        {
            return _lanes.TryTake();
        }
    }

    /// <summary>Waits for the next item for a lane. Null: the queue is closed and all work is done, so the worker ends.</summary>
    /// <param name="wake">The event that wakes this worker.</param>
    public WorkItem? TakeForLane(SemaphoreSlim wake) => Take(_lanes, wake);

    /// <summary>Waits for the next item for a thread beside the lanes. Null: the queue is closed and all work is done, so the thread ends.</summary>
    /// <param name="wake">The event that wakes this thread.</param>
    public WorkItem? TakeBlocking(SemaphoreSlim wake) => Take(_blocking, wake);

    /// <summary>Hands an item whose next step is not bcrypt from the lanes to the threads beside them.</summary>
    public void HandToBlocking(WorkItem item) => Hand(item, _lanes, _blocking);

    /// <summary>Hands an item that now needs bcrypt to the lanes.</summary>
    public void HandToLanes(WorkItem item) => Hand(item, _blocking, _lanes);

    /// <summary>Removes an item that no thread has taken yet. False: another thread took or removed it before.</summary>
    public bool TryRemove(WorkItem item)
    {
        lock (_gate)
        {
            if (item.Place is null)
            {
                return false;
            }

            Remove(item);
            FillPlaces();
            return true;
        }
    }

    /// <summary>Gives back the place of an item that was in a lane.</summary>
    public void FinishInLane(WorkItem item) => Finish(item, _lanes);

    /// <summary>Gives back the place of an item that a thread beside the lanes had.</summary>
    public void FinishBlocking(WorkItem item) => Finish(item, _blocking);

    /// <summary>Closes the queue: it accepts no more work, and workers end when all started work is done. Returns the items that were not started.</summary>
    public IReadOnlyList<WorkItem> Close()
    {
        lock (_gate)
        {
            _closed = true;
            WorkItem[] left = [.. _waiting, .. _lanes.Ready.Concat(_blocking.Ready).Where(static item => item.Place is not null)];
            foreach (var item in left)
            {
                Remove(item);
            }

            WakeAll();
            return left;
        }
    }

    private WorkItem? Take(WorkerPool line, SemaphoreSlim wake)
    {
        while (true)
        {
            lock (_gate)
            {
                if (line.TryTake() is { } item)
                {
                    return item;
                }

                if (_closed && InHand == 0)
                {
                    return null;
                }

                line.Sleeping.Push(wake);
            }

            wake.Wait();
        }
    }

    /// <summary>Gives free places to the items that have waited longest.</summary>
    private void FillPlaces()
    {
        while (HasFreePlace && _waiting.First is { } first)
        {
            var item = first.Value;
            LeaveWaiting(item);
            (item.BeginsBlocking ? _blocking : _lanes).AddNew(item);
        }
    }

    private void Hand(WorkItem item, WorkerPool from, WorkerPool to)
    {
        lock (_gate)
        {
            from.Running--;
            to.AddBegun(item);
        }
    }

    private void Finish(WorkItem item, WorkerPool line)
    {
        lock (_gate)
        {
            line.Running--;
            ReleaseAccount(item);
            FillPlaces();
            if (_closed && InHand == 0)
            {
                WakeAll();
            }
        }
    }

    private void WakeAll()
    {
        _lanes.WakeAll();
        _blocking.WakeAll();
    }

    private Admission Judge(PasswordQueueKey origin, long rounds)
    {
        if (_closed)
        {
            return Admission.Closed;
        }

        if (origin.Account is { } account && _itemsOfAccounts.GetValueOrDefault(account) >= limits.PerAccount)
        {
            return Admission.AccountFull;
        }

        // Work that gets a place at once does not wait. Counted by its time, two expensive hashes at once would make an idle engine look full.
        if (HasFreePlace)
        {
            return Admission.Admitted;
        }

        // One item of any size may wait alone: an item that takes longer than the limit could otherwise never run.
        if (_waiting.Count > 0 && TimeFor(_roundsWaiting + rounds) > limits.Waiting)
        {
            return Admission.QueueFull;
        }

        return origin.Network is { } network
            && _roundsOfNetworks.TryGetValue(network, out long ofNetwork)
            && TimeFor(ofNetwork + rounds) > limits.Waiting * limits.NetworkShare
            ? Admission.NetworkFull
            : Admission.Admitted;
    }

    /// <summary>Removes an item that was not started from its list.</summary>
    private void Remove(WorkItem item)
    {
        if (item.Place!.List == _waiting)
        {
            LeaveWaiting(item);
        }
        else
        {
            item.Place.List!.Remove(item.Place);
        }

        item.Place = null;
        ReleaseAccount(item);
    }

    private void LeaveWaiting(WorkItem item)
    {
        _waiting.Remove(item.Place!);
        _roundsWaiting -= item.Rounds;
        if (item.Origin.Network is { } network)
        {
            ref long rounds = ref CollectionsMarshal.GetValueRefOrAddDefault(_roundsOfNetworks, network, out _);
            rounds -= item.Rounds;
            if (rounds <= 0)
            {
                _roundsOfNetworks.Remove(network);
            }
        }
    }

    private void ReleaseAccount(WorkItem item)
    {
        if (item.Origin.Account is { } account)
        {
            ref int items = ref CollectionsMarshal.GetValueRefOrAddDefault(_itemsOfAccounts, account, out _);
            if (--items <= 0)
            {
                _itemsOfAccounts.Remove(account);
            }
        }
    }

    private TimeSpan TimeFor(long rounds) => rate.TimeFor(rounds) / limits.Workers;
}
