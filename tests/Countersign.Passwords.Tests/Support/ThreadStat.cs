using System.Globalization;

namespace Countersign.Passwords.Tests.Support;

/// <summary>What the kernel says about a thread.</summary>
internal static class ThreadStat
{
    /// <param name="thread">Its name under <c>/proc</c>: <c>thread-self</c>, or <c>self</c> for the one that the process began with.</param>
    /// <returns>Null where niceness does not belong to threads: elsewhere than on Linux.</returns>
    public static int? NicenessOf(string thread)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // proc_pid_stat(5): niceness is field 19; the name in field 2 may have spaces, and ends with a parenthesis.
        string stat = File.ReadAllText($"/proc/{thread}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
