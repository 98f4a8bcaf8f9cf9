using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Queueing;

/// <summary>
/// One thread with its lanes. Between chunks of rounds it drops cancelled work, answers finished work and takes in waiting work. So new work can join running
/// work, with different costs and start times.
/// </summary>
internal sealed class LaneWorker(WorkQueue queue, AnswerThread answers, IBcryptLanes lanes, WorkRate rate, TimeProvider time, PasswordMetrics metrics)
{
    /// <summary>
    /// Rounds of a chunk. A chunk takes about 0.8 ms on an AMD EPYC; new work waits at most so long for a free lane. Between two chunks there are a lock and a
    /// reading of the clock, which take a thousandth of that. It is the number of rounds at bcrypt's lowest cost, so hashes of all costs end with a chunk.
    /// </summary>
    internal const long ChunkRounds = 16;

    /// <summary>The item in each lane.</summary>
    private readonly WorkItem?[] _items = new WorkItem?[lanes.Width];

    /// <summary>Works until the queue is closed and all work is done.</summary>
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
                // The worker continues after any failure of its work.
                FailAll(exception);
            }
        }
    }

    /// <summary>Fills free lanes with waiting work, and sleeps while there is none. False: the queue is closed and all work is done.</summary>
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

        // From the last lane: an item that begins again gets a number above the lanes that are still to be checked.
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

    /// <summary>Starts the digest that the item requests, or runs the item until it requests one.</summary>
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

    /// <summary>Runs a step. If it fails, this item or a listener to the metrics is at fault, and only this item ends.</summary>
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

    /// <summary>Moves the last item to the number that became free, as the lanes have done.</summary>
    private void Vacate(int lane)
    {
        _items[lane] = _items[lanes.Active];
        _items[lanes.Active] = null;
    }

    private void End(WorkItem item, Action answer)
    {
        // Free the place before the caller gets the answer: the caller may ask again at once.
        queue.FinishInLane(item);
        answers.Give(answer);
    }
}
