using System.Runtime.InteropServices;
using Countersign.Passwords.Queueing;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests.Queueing;

public sealed partial class ThreadNicenessTests
{
    /// <summary>A privileged process may raise a thread too, so for any other the last row can't fail.</summary>
    [Theory]
    [InlineData(0, 10)]
    [InlineData(9, 10)]
    [InlineData(15, 15)]
    public void Lower_ThreadOfANicedProcess_IsLoweredAndNeverRaised(int niceness, int expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Niceness of a thread exists on Linux only.");
        int inherited = ThreadStat.NicenessOf("self")!.Value;
        int? lowered = null;
        var thread = new Thread(() =>
        {
            _ = SetPriority(0, 0, Math.Max(niceness, inherited));
            ThreadNiceness.Lower();
            lowered = ThreadStat.NicenessOf("thread-self");
        });
        thread.Start();
        thread.Join();

        Assert.Equal(Math.Max(expected, inherited), lowered);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
