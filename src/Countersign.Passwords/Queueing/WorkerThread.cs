namespace Countersign.Passwords.Queueing;

/// <summary>Starts background threads of the engine. A flood of passwords must not fill the thread pool or take the processor from requests.</summary>
internal static class WorkerThread
{
    /// <summary>
    /// Starts the work on a thread with raised niceness, without the caller's execution context. The task completes when the work has returned.
    /// </summary>
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
