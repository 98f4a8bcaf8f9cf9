using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Tokens.Tests.Revocation;

/// <summary>What the list holds, by the memory of the whole process: no other test may run meanwhile.</summary>
[CollectionDefinition(DisableParallelization = true)]
[Collection(typeof(RevocationListMemoryTests))]
public sealed class RevocationListMemoryTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(75);

    [Fact]
    public void Add_ManyHoursOfRevocations_MemoryFollowsWhatIsHeld()
    {
        const int EachMinute = 2_000;
        var time = new FakeTimeProvider();
        var list = new RevocationList(time, Retention);
        long held = 0;
        for (var minute = 0; minute < 600; minute++)
        {
            for (var i = 0; i < EachMinute; i++)
            {
                list.Add(Guid.CreateVersion7(), RevocationReason.LoggedOut, time.GetUtcNow());
            }

            time.Advance(TimeSpan.FromMinutes(1));
            list.Sweep(time.GetUtcNow());
            Assert.InRange(list.Count, 0, 76 * EachMinute);
            if (minute == 300)
            {
                held = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        // 600,000 more came and went: at 40 bytes each they would be 24 MB.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - held, long.MinValue, 12_000_000);
        GC.KeepAlive(list);
    }
}
