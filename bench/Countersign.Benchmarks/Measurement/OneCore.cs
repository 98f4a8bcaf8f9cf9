using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Countersign.Benchmarks.Measurement;

/// <summary>
/// A thread on the last core, with the same niceness as the engine's threads, so that contestants have the same core and the same priority. On systems other
/// than Linux it can run on any core.
/// </summary>
internal static partial class OneCore
{
    private const int Niceness = 10;

    /// <summary>The number of the core, for programs that are started with taskset.</summary>
    public static int Number => Environment.ProcessorCount - 1;

    /// <summary>One thread for all turns: if a thread ended, its remains would count as allocations of the next turn.</summary>
    private static readonly Lazy<BlockingCollection<Action>> Turns = new(Start);

    /// <summary>Runs on the thread that stays on the core. Threads that it starts stay there too.</summary>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Turns.Value.Add(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return completion.Task;
    }

    /// <summary>
    /// Processor time of the calling thread in nanoseconds. Unlike elapsed time it does not include other work of the machine. On systems without such a clock
    /// it is elapsed time.
    /// </summary>
    public static double Computed()
    {
        const int ThreadProcessorTime = 3;
        var time = new long[2];
        return OperatingSystem.IsLinux() && Environment.Is64BitProcess && GetTime(ThreadProcessorTime, time) == 0
            ? (time[0] * 1e9) + time[1]
            : Stopwatch.GetElapsedTime(0).TotalNanoseconds;
    }

    private static BlockingCollection<Action> Start()
    {
        var turns = new BlockingCollection<Action>();
        turns.Add(Stay);
        new Thread(() =>
        {
            foreach (var turn in turns.GetConsumingEnumerable())
            {
                turn();
            }
        })
        {
            IsBackground = true,
        }.Start();
        return turns;
    }

    private static void Stay()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // cpu_set_t: 1024 bits.
        var mask = new ulong[16];
        mask[Number / 64] = 1UL << (Number % 64);
        if (SetAffinity(0, (nuint)(mask.Length * sizeof(ulong)), mask) != 0 || SetPriority(0, 0, Niceness) != 0)
        {
            throw new InvalidOperationException("The thread could not be kept on one core, or niced.");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong[] mask);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, [Out] long[] time);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
