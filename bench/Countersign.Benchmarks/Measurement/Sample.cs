using System.Diagnostics;

namespace Countersign.Benchmarks.Measurement;

/// <summary>The cost of one operation in one turn of one contestant.</summary>
internal readonly record struct Sample(double Nanoseconds, double Bytes)
{
    /// <summary>Runs a number of operations and divides by it.</summary>
    public static async Task<Sample> TakeAsync(int operations, Func<Task> run)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long started = Stopwatch.GetTimestamp();
        await run();
        double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
        return new Sample(nanoseconds / operations, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / operations);
    }
}
