using System.Runtime.InteropServices;

namespace Countersign.Passwords.Queueing;

/// <summary>Lets other threads run before the calling thread. .NET's thread priorities have no effect on Linux, where each thread has a niceness.</summary>
internal static partial class ThreadNiceness
{
    /// <summary>Half of the range: about a tenth of the processor when other threads need it, all of it when none does (sched(7)).</summary>
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
            // If the process already has a higher niceness, keep it: a privileged process could otherwise raise its workers above its requests.
            if (GetPriority(PriorityOfProcess, CallingThread) < Niceness)
            {
                // Ignore a failure: in a sandbox that forbids the call, logins are less fair under load but still correct.
                _ = SetPriority(PriorityOfProcess, CallingThread, Niceness);
            }
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // There is no C library with that name. Ignore it for the same reason.
        }
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, uint who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
