namespace Countersign.Passwords.Queueing;

/// <summary>One kind of worker and the work for it. Guarded by the queue's lock.</summary>
internal sealed class WorkerPool(int workers, int placesPerWorker)
{
    /// <summary>Work for the next free thread: new items, and items that the other kind of worker has started.</summary>
    public LinkedList<WorkItem> Ready { get; } = new();

    /// <summary>Sleeping workers, and the event that wakes each of them.</summary>
    public Stack<SemaphoreSlim> Sleeping { get; } = new();

    /// <summary>The number of items that its workers compute now.</summary>
    public int Running { get; set; }

    /// <summary>The number of items that run or are ready.</summary>
    public int InHand => Running + Ready.Count;

    /// <summary>Adds an item that no worker has started. It can still be removed.</summary>
    public void AddNew(WorkItem item)
    {
        item.Place = Ready.AddLast(item);
        WakeIfNeeded();
    }

    /// <summary>Adds an item that the other kind of worker has started.</summary>
    public void AddBegun(WorkItem item)
    {
        Ready.AddLast(item);
        WakeIfNeeded();
    }

    /// <summary>Gives the calling worker the next item; null if there is none.</summary>
    public WorkItem? TryTake()
    {
        if (Ready.First is not { } first)
        {
            return null;
        }

        Ready.Remove(first);
        first.Value.Place = null;
        Running++;
        WakeIfNeeded();
        return first.Value;
    }

    /// <summary>
    /// Wakes a worker if the workers that are awake have no free place for the ready items. So work fills the lanes of one worker before it takes another core:
    /// four lanes take a tenth more time than one, and a fourth of the electricity and of the processor.
    /// </summary>
    public void WakeIfNeeded()
    {
        int free = ((workers - Sleeping.Count) * placesPerWorker) - Running;
        if (Ready.Count > free && Sleeping.TryPop(out var worker))
        {
            worker.Release();
        }
    }

    public void WakeAll()
    {
        while (Sleeping.TryPop(out var worker))
        {
            worker.Release();
        }
    }
}
