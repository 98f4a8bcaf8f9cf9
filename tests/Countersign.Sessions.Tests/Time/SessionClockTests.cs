using Countersign.Sessions.Time;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Sessions.Tests.Time;

public sealed class SessionClockTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly SessionClock _clock;

    public SessionClockTests() => _clock = new SessionClock(_time);

    [Fact]
    public void Now_NoDatabaseClock_IsThisNodesWithoutUncertainty()
    {
        Assert.Equal(Start, _clock.Now);
        Assert.Equal(TimeSpan.Zero, _clock.Uncertainty);
    }

    [Fact]
    public void Observe_FirstReading_CountsFromTheMiddleOfItsTrip()
    {
        Read(Start.AddMinutes(3), trip: TimeSpan.FromMilliseconds(40));

        // It was read half a trip ago.
        Assert.Equal(Start.AddMinutes(3).AddMilliseconds(20), _clock.Now);
        Assert.Equal(20, _clock.Uncertainty.TotalMilliseconds, 0.01);
    }

    [Fact]
    public void Uncertainty_AsTheReadingAges_GrowsByAHundredMillionths()
    {
        Read(Start, trip: TimeSpan.FromMilliseconds(2));

        _time.Advance(TimeSpan.FromSeconds(1000));

        Assert.Equal(101, _clock.Uncertainty.TotalMilliseconds, 0.01);
    }

    [Fact]
    public void Observe_SlowReadingThatMayBeTrue_MovesNothing()
    {
        Read(Start, trip: TimeSpan.FromMilliseconds(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        var before = _clock.Now - _time.GetUtcNow();

        // The database answered at the very end of four seconds: the middle of the trip is two seconds off.
        var sent = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(4));
        _clock.Observe(sent, _time.GetTimestamp(), _time.GetUtcNow());

        Assert.Equal(before, _clock.Now - _time.GetUtcNow());
        Assert.True(_clock.Uncertainty < TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void Observe_SurerReading_Replaces()
    {
        Read(Start, trip: TimeSpan.FromMilliseconds(100));

        Read(_time.GetUtcNow().AddMilliseconds(30), trip: TimeSpan.FromMilliseconds(2));

        Assert.Equal(_time.GetUtcNow().AddMilliseconds(30 - 1), _clock.Now);
        Assert.Equal(1, _clock.Uncertainty.TotalMilliseconds, 0.01);
    }

    [Fact]
    public void Observe_ReadingAsSlowAsWhatDriftHasMadeOfTheOld_Replaces()
    {
        Read(Start, trip: TimeSpan.FromMilliseconds(2));
        _time.Advance(TimeSpan.FromSeconds(100));

        Read(_time.GetUtcNow(), trip: TimeSpan.FromMilliseconds(20));

        Assert.Equal(10, _clock.Uncertainty.TotalMilliseconds, 0.01);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public void Observe_ReadingThatContradictsTheOld_Replaces(int seconds)
    {
        Read(Start, trip: TimeSpan.FromMilliseconds(2));

        // Another database has taken over, and is far away.
        Read(_time.GetUtcNow().AddSeconds(seconds), trip: TimeSpan.FromMilliseconds(400));

        Assert.Equal(_time.GetUtcNow().AddSeconds(seconds).AddMilliseconds(-200), _clock.Now);
        Assert.Equal(200, _clock.Uncertainty.TotalMilliseconds, 0.1);
    }

    [Fact]
    public void Now_AtTheEndOfTime_DoesNotOverflow()
    {
        Read(DateTimeOffset.MaxValue.AddSeconds(-1), trip: TimeSpan.FromMilliseconds(2));

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(DateTimeOffset.MaxValue, _clock.Now);
    }

    /// <summary>Reads a database's clock in the middle of a trip.</summary>
    private void Read(DateTimeOffset databaseTime, TimeSpan trip)
    {
        var sent = _time.GetTimestamp();
        _time.Advance(trip);
        _clock.Observe(sent, _time.GetTimestamp(), databaseTime);
    }
}
