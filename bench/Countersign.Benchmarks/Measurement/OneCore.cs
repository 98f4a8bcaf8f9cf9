using System.Runtime.InteropServices;

namespace Countersign.Benchmarks.Measurement;

/// <summary>
/// Threads on the last core, as niced as the engine's own, so that contestants have the same core and the same rank there. Elsewhere than on Linux the threads run
/// where they like.
/// </summary>
internal static partial class OneCore
{
    private const int Niceness = 10;

    /// <summary>The core's number, for programs that are started with taskset.</summary>
    public static int Number => Environment.ProcessorCount - 1;

    /// <summary>Runs on a thread of its own that stays on the core, as do the threads that it starts.</summary>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Stay();
                completion.SetResult(work());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        }).Start();
        return completion.Task;
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

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
