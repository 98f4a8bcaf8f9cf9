using System.Runtime.InteropServices;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Queueing;

/// <summary>
/// Work in order of arrival, bounded by the time it would take: in all, for each network, and by number for each account. Safe for use by many threads;
/// it never runs or answers anything itself.
/// </summary>
internal sealed class WorkQueue(QueueLimits limits, WorkRate rate)
{
    private readonly object _gate = new();
    private readonly LinkedList<WorkItem> _waiting = new();
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
                return _waiting.Count;
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

            item.Place = _waiting.AddLast(item);
            _roundsWaiting += item.Rounds;
            if (item.Origin.Network is { } network)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_roundsOfNetworks, network, out _) += item.Rounds;
            }

            if (item.Origin.Account is { } account)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_itemsOfAccounts, account, out _)++;
            }

            Monitor.Pulse(_gate);
            return Admission.Admitted;
        }
    }

    public bool IsWaiting(WorkItem item)
    {
        lock (_gate)
        {
            return item.Place is not null;
        }
    }

    /// <summary>Waits for the next item. Null: the queue is closed, and the worker's day is over.</summary>
    public WorkItem? Take()
    {
        lock (_gate)
        {
            while (!_closed && _waiting.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            if (_waiting.First is not { } first)
            {
                return null;
            }

            RemoveFromLine(first.Value);
            return first.Value;
        }
    }

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

    /// <summary>Gives back the place of an account when a worker is done with an item that it took.</summary>
    public void Finish(WorkItem item)
    {
        lock (_gate)
        {
            ReleaseAccount(item);
        }
    }

    /// <summary>Ends the queue: nothing more gets in, workers are sent home. Gives what was still waiting.</summary>
    public IReadOnlyList<WorkItem> Close()
    {
        lock (_gate)
        {
            _closed = true;
            WorkItem[] left = [.. _waiting];
            foreach (var item in left)
            {
                RemoveFromLine(item);
                ReleaseAccount(item);
            }

            Monitor.PulseAll(_gate);
            return left;
        }
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

        // Work of any size may wait alone: what takes longer than the limit by itself could never run otherwise.
        if (_waiting.Count > 0 && TimeFor(_roundsWaiting + item.Rounds) > limits.Waiting)
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
        _waiting.Remove(item.Place!);
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
