using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Tests.Kernel;

public sealed class WorkRateTests
{
    private const long Chunk = 16;

    private readonly WorkRate _rate = new(10);

    [Fact]
    public void TimeFor_NothingMeasured_IsTheInitialEstimate() => Assert.Equal(0.1, _rate.TimeFor(4096).TotalSeconds, 1e-6);

    [Fact]
    public void TimeFor_AllLanesBusy_IsTheTimeOfAChunkSharedByTheLanes()
    {
        Observe(active: 4, TimeSpan.FromMilliseconds(1.6));

        // 0.1 ms a round of each lane, four lanes.
        Assert.Equal(0.025, _rate.TimeFor(1000).TotalSeconds, 1e-4);
        Assert.Equal(1000, _rate.RoundsIn(TimeSpan.FromSeconds(0.1)), 5.0);
    }

    [Theory]
    [InlineData(1, 1.10)]
    [InlineData(2, 1.08)]
    [InlineData(3, 1.05)]
    public void TimeFor_LanesPartlyBusy_ReckonsWithAllOfThem(int active, double slowdown)
    {
        Observe(active, TimeSpan.FromMilliseconds(1.6));

        Assert.Equal(0.025 * slowdown, _rate.TimeFor(1000).TotalSeconds, 1e-4);
        Assert.Equal(1000, _rate.RoundsIn(TimeSpan.FromSeconds(0.1)), 5.0);
    }

    [Fact]
    public void Observe_WorkerOfOneLane_HasNoOthersToReckonWith()
    {
        for (int count = 0; count < 10_000; count++)
        {
            _rate.Observe(Chunk, active: 1, width: 1, TimeSpan.FromMilliseconds(1.6));
        }

        Assert.Equal(0.1, _rate.TimeFor(1000).TotalSeconds, 1e-4);
    }

    [Fact]
    public void Observe_ClockThatStands_ChangesNothing()
    {
        _rate.Observe(Chunk, active: 4, width: 4, TimeSpan.Zero);
        _rate.Observe(Chunk, active: 4, width: 4, TimeSpan.FromSeconds(-1));

        Assert.Equal(0.1, _rate.TimeFor(4096).TotalSeconds, 1e-6);
    }

    [Fact]
    public void Observe_OneChunkOfAnHour_DoesNotSetTheEstimateAlone()
    {
        _rate.Observe(Chunk, active: 4, width: 4, TimeSpan.FromHours(1));

        Assert.InRange(_rate.TimeFor(4096).TotalSeconds, 0.1, 4.2);
    }

    private void Observe(int active, TimeSpan elapsed)
    {
        for (int count = 0; count < 10_000; count++)
        {
            _rate.Observe(Chunk, active, width: 4, elapsed);
        }
    }
}
