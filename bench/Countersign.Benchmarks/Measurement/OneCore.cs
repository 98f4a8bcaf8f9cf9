using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Countersign.Benchmarks.Measurement;

/// <summary>
/// A thread on the last core, as niced as the engine's own, so that contestants have the same core and the same rank there. Elsewhere than on Linux it runs
/// where it likes.
/// </summary>
internal static partial class OneCore
{
    private const int Niceness = 10;

    /// <summary>The core's number, for programs that are started with taskset.</summary>
    public static int Number => Environment.ProcessorCount - 1;

    /// <summary>One thread for all turns: what is left of a thread that ends would be counted as allocated in the next turn.</summary>
    private static readonly Lazy<BlockingCollection<Action>> Turns = new(Start);

    /// <summary>Runs on the thread that stays on the core, as do the threads that it starts.</summary>
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
    /// Nanoseconds for which the calling thread has computed. What a machine does besides is not in it, as it would be in the time that passes; where there is no such
    /// clock, that is what is read.
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
