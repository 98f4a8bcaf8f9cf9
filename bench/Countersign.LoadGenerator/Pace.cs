using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Countersign.LoadGenerator;

/// <summary>
/// An open loop: each request leaves at its planned time, without waiting for earlier ones, and is measured from that time. So a server that stalls is charged
/// for every delayed request, and not only for one.
/// </summary>
internal static partial class Pace
{
    /// <summary>Calls <paramref name="send"/> at the given rate, on a separate thread, with the planned time of each request.</summary>
    /// <returns>How late the latest request left, in milliseconds. It is high if the generator has no core for itself.</returns>
    public static Task<double> RunAsync(double perSecond, TimeSpan duration, Action<long> send)
    {
        var ended = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            long started = Stopwatch.GetTimestamp();
            double latest = 0;
            long count = (long)(duration.TotalSeconds * perSecond);
            for (long number = 0; number < count; number++)
            {
                long due = started + (long)(number / perSecond * Stopwatch.Frequency);
                SleepUntil(due);
                latest = Math.Max(latest, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
                send(due);
            }

            ended.SetResult(latest);
        })
        {
            IsBackground = true,
        }.Start();
        return ended.Task;
    }

    private static void SleepUntil(long due)
    {
        TimeSpan left;
        while ((left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due)) > TimeSpan.Zero)
        {
            if (OperatingSystem.IsLinux())
            {
                var time = new TimeSpecification((long)left.TotalSeconds, (left - TimeSpan.FromSeconds((long)left.TotalSeconds)).Ticks * 100);
                _ = NanoSleep(time, 0);
            }
            else
            {
                Thread.Sleep(left);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpecification requested, nint remaining);

    /// <summary>C's <c>struct timespec</c> on 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpecification(long Seconds, long Nanoseconds);
}
