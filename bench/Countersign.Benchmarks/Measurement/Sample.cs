using System.Diagnostics;

namespace Countersign.Benchmarks.Measurement;

/// <summary>What one turn of one contestant took, for each of its operations.</summary>
internal readonly record struct Sample(double Nanoseconds, double Bytes)
{
    /// <summary>Runs so many operations and divides.</summary>
    public static async Task<Sample> TakeAsync(int operations, Func<Task> run)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long started = Stopwatch.GetTimestamp();
        await run();
        double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
        return new Sample(nanoseconds / operations, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / operations);
    }
}
