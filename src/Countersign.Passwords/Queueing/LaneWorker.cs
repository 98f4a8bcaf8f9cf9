using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Queueing;

/// <summary>
/// One thread with its lanes. Between chunks of rounds it drops what was cancelled, answers what has ended and takes in what waits, so that work which arrives joins what runs:
/// neither costs nor beginnings need to be alike.
/// </summary>
internal sealed class LaneWorker(WorkQueue queue, AnswerThread answers, IBcryptLanes lanes, WorkRate rate, TimeProvider time, PasswordMetrics metrics)
{
    /// <summary>
    /// Rounds of a chunk: about 0.8 ms on an AMD EPYC, which is what a newcomer waits at most for its lane. Between chunks lie a lock and a look at the clock, a thousandth of it.
    /// bcrypt's lowest cost, so that hashes of all costs end with a chunk.
    /// </summary>
    internal const long ChunkRounds = 16;

    /// <summary>What is in which lane.</summary>
    private readonly WorkItem?[] _items = new WorkItem?[lanes.Width];

    /// <summary>Works until the queue is closed and all is done.</summary>
    public void Work()
    {
        using var own = lanes;
        using var wake = new SemaphoreSlim(0);
        while (TakeIn(wake))
        {
            try
            {
                DropCancelled();
                RunChunk();
            }
            catch (Exception exception)
            {
                // The worker outlives whatever its work does.
                FailAll(exception);
            }
        }
    }

    /// <summary>Fills free lanes with what waits; sleeps while there is nothing to do at all. False: the day is over.</summary>
    private bool TakeIn(SemaphoreSlim wake)
    {
        while (lanes.Active < lanes.Width)
        {
            bool sleeps = lanes.Active == 0;
            if ((sleeps ? queue.TakeForLane(wake) : queue.TryTakeForLane()) is not { } item)
            {
                return !sleeps;
            }

            Admit(item);
        }

        return true;
    }

    private void Admit(WorkItem item) => Guard(item, () =>
    {
        if (item.Take())
        {
            metrics.Waited(time.GetElapsedTime(item.ArrivedAt));
        }

        Continue(item);
    });

    private void DropCancelled()
    {
        for (int lane = lanes.Active - 1; lane >= 0; lane--)
        {
            if (_items[lane] is { IsCancelled: true } item)
            {
                lanes.Drop(lane);
                Vacate(lane);
                End(item, item.Cancel);
            }
        }
    }

    private void RunChunk()
    {
        if (lanes.Active == 0)
        {
            return;
        }

        long rounds = ChunkRounds;
        for (int lane = 0; lane < lanes.Active; lane++)
        {
            rounds = Math.Min(rounds, lanes.RoundsLeft(lane));
        }

        long started = time.GetTimestamp();
        lanes.Advance(rounds);
        rate.Observe(rounds, lanes.Active, lanes.Width, time.GetElapsedTime(started));

        // From the last: who begins again takes a number above those that are still to be looked at.
        for (int lane = lanes.Active - 1; lane >= 0; lane--)
        {
            if (lanes.RoundsLeft(lane) == 0)
            {
                var item = _items[lane]!;
                lanes.Finish(lane);
                Vacate(lane);
                GoOn(item);
            }
        }
    }

    private void GoOn(WorkItem item) => Guard(item, () =>
    {
        metrics.Hashed(item.Request!);
        Step(item);
    });

    /// <summary>Begins what the item asks for, or lets it go on until it asks.</summary>
    private void Continue(WorkItem item)
    {
        if (item.IsCancelled)
        {
            End(item, item.Cancel);
        }
        else if (item.Request is { } request)
        {
            lanes.Begin(request);
            _items[lanes.Active - 1] = item;
        }
        else
        {
            Step(item);
        }
    }

    private void Step(WorkItem item)
    {
        if (!item.MoveNext())
        {
            End(item, item.Complete);
        }
        else if (item.Request is null)
        {
            queue.HandToBlocking(item);
        }
        else
        {
            Continue(item);
        }
    }

    /// <summary>Whatever fails here is this item's fault, or that of who listens to the metrics, and ends this item alone.</summary>
    private void Guard(WorkItem item, Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception)
        {
            End(item, () => item.Refuse(exception));
        }
    }

    private void FailAll(Exception exception)
    {
        for (int lane = lanes.Active - 1; lane >= 0; lane--)
        {
            var item = _items[lane]!;
            lanes.Drop(lane);
            Vacate(lane);
            End(item, () => item.Refuse(exception));
        }
    }

    /// <summary>The lanes have moved their last to the number that became free; so do their items.</summary>
    private void Vacate(int lane)
    {
        _items[lane] = _items[lanes.Active];
        _items[lanes.Active] = null;
    }

    private void End(WorkItem item, Action answer)
    {
        // Before the answer: whoever gets it may ask again at once, and must find the place free.
        queue.FinishInLane(item);
        answers.Give(answer);
    }
}
