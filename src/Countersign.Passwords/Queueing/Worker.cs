namespace Countersign.Passwords.Queueing;

/// <summary>A background thread of the engine's own: a flood of passwords must not fill the thread pool, nor take the processor from requests.</summary>
internal sealed class Worker
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WorkQueue _queue;
    private readonly Action<WorkItem> _run;

    public Worker(WorkQueue queue, Action<WorkItem> run, int number)
    {
        _queue = queue;
        _run = run;
        new Thread(Work) { IsBackground = true, Name = $"Countersign password worker {number}", Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <summary>Completes when the thread has done its last work.</summary>
    public Task Ended => _ended.Task;

    private void Work()
    {
        try
        {
            ThreadNiceness.Lower();
            while (_queue.Take() is { } item)
            {
                _run(item);
            }
        }
        finally
        {
            _ended.SetResult();
        }
    }
}
