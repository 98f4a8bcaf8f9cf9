using System.Runtime.InteropServices;

namespace Countersign.Passwords.Queueing;

/// <summary>Makes the calling thread yield to others: .NET's thread priorities do nothing on Linux, where niceness belongs to each thread.</summary>
internal static partial class ThreadNiceness
{
    /// <summary>Half of what there is: about a tenth of the processor when others want it, all of it when nobody does (sched(7)).</summary>
    internal const int Niceness = 10;

    private const int PriorityOfProcess = 0;
    private const uint CallingThread = 0;

    public static void Lower()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            // A process that was started nicer yet must not see its workers rise above its requests, which a privileged one may do.
            if (GetPriority(PriorityOfProcess, CallingThread) < Niceness)
            {
                // Failure is ignored: a sandbox that forbids the call costs fairness under load, not correctness.
                _ = SetPriority(PriorityOfProcess, CallingThread, Niceness);
            }
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // No C library under that name: the same, for the same reason.
        }
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, uint who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
