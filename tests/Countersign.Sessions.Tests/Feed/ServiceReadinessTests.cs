using Countersign.Sessions.Feed;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Sessions.Tests.Feed;

public sealed class ServiceReadinessTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FeedState _feed;
    private readonly SessionClock _clock;
    private readonly ServiceReadiness _readiness;

    public ServiceReadinessTests()
    {
        _feed = new FeedState(_time, StaleFeedBehavior.Accept);
        _clock = new SessionClock(_time);
        _readiness = new ServiceReadiness(new SharedSecretKeys("a secret of more than thirty-two bytes", null, new RefreshKeyRing()), _feed, _clock);
        _feed.Succeeded(_feed.Begin());
    }

    [Theory]
    [InlineData(9_900, false)]
    [InlineData(10_100, true)]
    public void FindFaults_ClockKnownToWithinHalfOfATrip_FaultAboveFiveSeconds(int tripMilliseconds, bool isFault)
    {
        var sent = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(tripMilliseconds));
        _clock.Observe(sent, _time.GetTimestamp(), _time.GetUtcNow());
        _feed.Succeeded(_feed.Begin());

        Assert.Equal(isFault, _readiness.FindFaults().Any(static fault => fault.Contains("clock", StringComparison.Ordinal)));
    }

    [Fact]
    public void FindFaults_ClockNotReadForADay_Fault()
    {
        _clock.Observe(_time.GetTimestamp(), _time.GetTimestamp(), _time.GetUtcNow());
        _time.Advance(TimeSpan.FromHours(13));
        _feed.Succeeded(_feed.Begin());
        Assert.DoesNotContain(_readiness.FindFaults(), static fault => fault.Contains("clock", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromHours(11));
        _feed.Succeeded(_feed.Begin());

        Assert.Contains("The database's clock is known only to within 9 seconds.", _readiness.FindFaults());
    }

    [Fact]
    public void FindFaults_FeedNotReadForAWhile_FaultWhateverBecomesOfTokens()
    {
        Assert.DoesNotContain(_readiness.FindFaults(), static fault => fault.Contains("feed", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Contains(_readiness.FindFaults(), static fault => fault.Contains("feed", StringComparison.Ordinal));
    }
}
