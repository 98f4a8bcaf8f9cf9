using System.Runtime.InteropServices;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Queueing;

/// <summary>
/// Work in order of arrival, bounded by the time it would take: in all, for each network, and by number for each account. Two lines, for the workers with lanes and for the
/// threads beside them; the bounds are over both. Safe for use by many threads; it never runs or answers anything itself.
/// </summary>
internal sealed class WorkQueue(QueueLimits limits, WorkRate rate)
{
    private readonly Lock _gate = new();
    private readonly WorkLine _lanes = new(limits.Workers, limits.LanesPerWorker);
    private readonly WorkLine _offLanes = new(limits.Workers, placesPerWorker: 1);
    private readonly Dictionary<string, long> _roundsOfNetworks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _itemsOfAccounts = new(StringComparer.Ordinal);
    private long _roundsWaiting;
    private bool _closed;

    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return Waiting;
            }
        }
    }

    /// <summary>Lanes that have work.</summary>
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

    /// <summary>How long what waits now will take.</summary>
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

    private int Waiting => _lanes.Waiting.Count + _offLanes.Waiting.Count;

    /// <summary>Whether no work is in anybody's hand.</summary>
    private bool IsIdle => _lanes.Running + _lanes.Handed.Count + _offLanes.Running + _offLanes.Handed.Count == 0;

    /// <summary>Gives the item a place, or says what stands against it.</summary>
    public Admission TryAdd(WorkItem item)
    {
        lock (_gate)
        {
            var admission = Judge(item);
            if (admission != Admission.Admitted)
            {
                return admission;
            }

            var line = item.BeginsOffLanes ? _offLanes : _lanes;
            item.Place = line.Waiting.AddLast(item);
            _roundsWaiting += item.Rounds;
            if (item.Origin.Network is { } network)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_roundsOfNetworks, network, out _) += item.Rounds;
            }

            if (item.Origin.Account is { } account)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_itemsOfAccounts, account, out _)++;
            }

            line.WakeIfNeeded();
            return Admission.Admitted;
        }
    }

    /// <summary>The next item for a lane, if there is one now.</summary>
    public WorkItem? TryTakeForLane()
    {
        lock (_gate)
        {
            return NextForLane();
        }
    }

    /// <summary>Waits for the next item for a lane. Null: the queue is closed and all work done, and the worker's day is over.</summary>
    /// <param name="wake">The worker's own.</param>
    public WorkItem? TakeForLane(SemaphoreSlim wake) => Take(_lanes, NextForLane, wake);

    /// <summary>Waits for the next item for a thread beside the lanes. Null as above.</summary>
    /// <param name="wake">The thread's own.</param>
    public WorkItem? TakeOffLanes(SemaphoreSlim wake) => Take(_offLanes, NextOffLanes, wake);

    /// <summary>Hands an item, whose next step is not bcrypt, from the lanes to the threads beside them.</summary>
    public void HandOffLanes(WorkItem item) => Hand(item, _lanes, _offLanes);

    /// <summary>Hands an item, which asks for bcrypt now, to the lanes.</summary>
    public void HandToLanes(WorkItem item) => Hand(item, _offLanes, _lanes);

    /// <summary>Takes a waiting item out for good. False: somebody else had it already.</summary>
    public bool TryRemove(WorkItem item)
    {
        lock (_gate)
        {
            if (item.Place is null)
            {
                return false;
            }

            RemoveFromLine(item);
            ReleaseAccount(item);
            return true;
        }
    }

    /// <summary>Gives back the place of an item that was in a lane.</summary>
    public void FinishInLane(WorkItem item) => Finish(item, _lanes);

    /// <summary>Gives back the place of an item that a thread beside the lanes had.</summary>
    public void FinishOffLanes(WorkItem item) => Finish(item, _offLanes);

    /// <summary>Ends the queue: nothing more gets in, workers are sent home when all that is begun is done. Gives what was still waiting.</summary>
    public IReadOnlyList<WorkItem> Close()
    {
        lock (_gate)
        {
            _closed = true;
            WorkItem[] left = [.. _lanes.Waiting, .. _offLanes.Waiting];
            foreach (var item in left)
            {
                RemoveFromLine(item);
                ReleaseAccount(item);
            }

            WakeAll();
            return left;
        }
    }

    private WorkItem? Take(WorkLine line, Func<WorkItem?> next, SemaphoreSlim wake)
    {
        while (true)
        {
            lock (_gate)
            {
                if (next() is { } item)
                {
                    return item;
                }

                if (_closed && IsIdle)
                {
                    return null;
                }

                line.Sleeping.Push(wake);
            }

            wake.Wait();
        }
    }

    private WorkItem? NextForLane()
    {
        // By arrival, whichever line it came through: hashes of cheap schemes are handed over faster than lanes end, and would keep newcomers out for good.
        if (_lanes.Handed.TryPeek(out var handed) && !(_lanes.Waiting.First?.Value.ArrivedAt < handed.ArrivedAt))
        {
            _lanes.Handed.Dequeue();
            _lanes.Running++;
            _offLanes.WakeIfNeeded();
            return handed;
        }

        return NextNewcomer(_lanes);
    }

    private WorkItem? NextOffLanes()
    {
        if (_offLanes.Handed.TryDequeue(out var handed))
        {
            _offLanes.Running++;
            return handed;
        }

        // What was begun here and waits for a lane is beyond the queue's bounds: no more is begun until a lane has taken it.
        return _lanes.Handed.Count > 0 ? null : NextNewcomer(_offLanes);
    }

    private WorkItem? NextNewcomer(WorkLine line)
    {
        if (line.Waiting.First is not { } first)
        {
            return null;
        }

        RemoveFromLine(first.Value);
        line.Running++;
        line.WakeIfNeeded();
        return first.Value;
    }

    private void Hand(WorkItem item, WorkLine from, WorkLine to)
    {
        lock (_gate)
        {
            from.Running--;
            to.Handed.Enqueue(item);
            to.WakeIfNeeded();
        }
    }

    private void Finish(WorkItem item, WorkLine line)
    {
        lock (_gate)
        {
            line.Running--;
            ReleaseAccount(item);
            if (_closed && IsIdle)
            {
                WakeAll();
            }
        }
    }

    private void WakeAll()
    {
        _lanes.WakeAll();
        _offLanes.WakeAll();
    }

    private Admission Judge(WorkItem item)
    {
        if (_closed)
        {
            return Admission.Closed;
        }

        if (item.Origin.Account is { } account && _itemsOfAccounts.GetValueOrDefault(account) >= limits.PerAccount)
        {
            return Admission.AccountFull;
        }

        // What a lane takes at once does not wait. By the time that it would take, two dear hashes at once would find an idle engine full.
        if (!item.BeginsOffLanes && _lanes.Free > 0)
        {
            return Admission.Admitted;
        }

        // Work of any size may wait alone: what takes longer than the limit by itself could never run otherwise.
        if (Waiting > 0 && TimeFor(_roundsWaiting + item.Rounds) > limits.Waiting)
        {
            return Admission.QueueFull;
        }

        return item.Origin.Network is { } network
            && _roundsOfNetworks.TryGetValue(network, out long ofNetwork)
            && TimeFor(ofNetwork + item.Rounds) > limits.Waiting * limits.NetworkShare
            ? Admission.NetworkFull
            : Admission.Admitted;
    }

    private void RemoveFromLine(WorkItem item)
    {
        item.Place!.List!.Remove(item.Place);
        item.Place = null;
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
