namespace Countersign.Passwords.Queueing;

/// <summary>One kind of worker and the work for it. Guarded by the queue's lock.</summary>
internal sealed class WorkerPool(int workers, int placesPerWorker)
{
    /// <summary>Work for the next free thread: newcomers, and what the other kind of worker has begun.</summary>
    public LinkedList<WorkItem> Ready { get; } = new();

    /// <summary>Workers that sleep, and how to wake each of them.</summary>
    public Stack<SemaphoreSlim> Sleeping { get; } = new();

    /// <summary>What its workers compute now.</summary>
    public int Running { get; set; }

    /// <summary>What they compute and what is ready for them.</summary>
    public int InHand => Running + Ready.Count;

    /// <summary>Adds what no worker has begun. It can still be taken out.</summary>
    public void AddNew(WorkItem item)
    {
        item.Place = Ready.AddLast(item);
        WakeIfNeeded();
    }

    /// <summary>Adds what the other kind of worker has begun.</summary>
    public void AddBegun(WorkItem item)
    {
        Ready.AddLast(item);
        WakeIfNeeded();
    }

    /// <summary>Gives the worker that asks the next item; null if there is none.</summary>
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
    /// Wakes a worker when those that are awake have no place left for what is ready. So work gathers in the lanes of one worker before it takes another core:
    /// four lanes cost a tenth more time than one, and a fourth of the electricity and of the processor.
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
