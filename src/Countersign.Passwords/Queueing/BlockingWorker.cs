namespace Countersign.Passwords.Queueing;

/// <summary>
/// A thread beside the lanes, for hashes of other schemes. The platform computes such a hash in one step of up to seconds, and the lanes of other hashes must
/// not wait for it. Work that needs bcrypt afterwards is handed to the lanes.
/// </summary>
internal sealed class BlockingWorker(WorkQueue queue, AnswerThread answers, TimeProvider time, PasswordMetrics metrics)
{
    /// <summary>Works until the queue is closed and all work is done.</summary>
    public void Work()
    {
        using var wake = new SemaphoreSlim(0);
        while (queue.TakeBlocking(wake) is { } item)
        {
            try
            {
                if (item.Take())
                {
                    metrics.Waited(time.GetElapsedTime(item.ArrivedAt));
                }

                Run(item);
            }
            catch (Exception exception)
            {
                End(item, () => item.Refuse(exception));
            }
        }
    }

    private void Run(WorkItem item)
    {
        do
        {
            if (item.IsCancelled)
            {
                End(item, item.Cancel);
                return;
            }

            if (!item.MoveNext())
            {
                End(item, item.Complete);
                return;
            }
        }
        while (item.Request is null);

        queue.HandToLanes(item);
    }

    private void End(WorkItem item, Action answer)
    {
        // Free the place before the caller gets the answer: the caller may ask again at once.
        queue.FinishBlocking(item);
        answers.Give(answer);
    }
}
