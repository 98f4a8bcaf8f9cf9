namespace Countersign.Passwords.Queueing;

/// <summary>A background thread of the engine's own: a flood of passwords must not fill the thread pool, nor take the processor from requests.</summary>
internal static class WorkerThread
{
    /// <summary>Starts the work on a niced thread, which knows nothing of the context that it was started in. The task completes when it has returned.</summary>
    public static Task Start(string name, AnswerThread answers, Action work)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                ThreadNiceness.Lower();
                work();
            }
            finally
            {
                answers.Give(ended.SetResult);
            }
        })
        {
            IsBackground = true,
            Name = name,
            Priority = ThreadPriority.BelowNormal,
        }.UnsafeStart();
        return ended.Task;
    }
}
