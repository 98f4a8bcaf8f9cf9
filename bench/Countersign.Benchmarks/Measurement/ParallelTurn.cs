using System.Diagnostics;

namespace Countersign.Benchmarks.Measurement;

/// <summary>
/// An operation on several threads at once, on all cores. The time of one operation is the elapsed time divided by the number of all operations.
/// </summary>
internal sealed class ParallelTurn(Action operation, int threads, TimeSpan length)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);

    private int _operations;

    public Task<Sample?> TakeAsync() => Task.Run<Sample?>(Take);

    private Sample? Take()
    {
        if (_operations == 0)
        {
            _operations = 1;
            long started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < WarmUp)
            {
                _operations = Math.Max(1, (int)(length.TotalNanoseconds / Run().Nanoseconds / threads));
            }
        }

        return Run();
    }

    /// <summary>The threads start together. Each counts its own allocations, so neither making the threads nor waiting is in the figure.</summary>
    private Sample Run()
    {
        using var start = new Barrier(threads + 1);
        long allocated = 0;
        var running = new Thread[threads];
        for (int index = 0; index < threads; index++)
        {
            running[index] = new Thread(() =>
            {
                start.SignalAndWait();
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int count = 0; count < _operations; count++)
                {
                    operation();
                }

                Interlocked.Add(ref allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            });
            running[index].Start();
        }

        start.SignalAndWait();
        long started = Stopwatch.GetTimestamp();
        foreach (var thread in running)
        {
            thread.Join();
        }

        double all = (double)_operations * threads;
        return new Sample(Stopwatch.GetElapsedTime(started).TotalNanoseconds / all, allocated / all);
    }
}
