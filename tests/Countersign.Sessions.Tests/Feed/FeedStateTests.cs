using Countersign.Sessions.Feed;

namespace Countersign.Sessions.Tests.Feed;

public sealed class FeedStateTests
{
    [Fact]
    public void IsFresh_NeverRead_False() => Assert.False(new FeedState(new TwoClocks(), StaleFeedBehavior.Accept).IsFresh);

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(11, 11, false)]
    [InlineData(11, 0, false)]
    [InlineData(0, 11, false)]
    [InlineData(1, -3600, true)]
    public void IsFresh_SecondsSinceTheReadWasSent_BothClocksBind(int monotonic, int wall, bool expected)
    {
        var time = new TwoClocks();
        var state = new FeedState(time, StaleFeedBehavior.Accept);
        state.Succeeded(state.Begin());

        time.Monotonic += TimeSpan.FromSeconds(monotonic);
        time.Wall += TimeSpan.FromSeconds(wall);

        Assert.Equal(expected, state.IsFresh);
    }

    [Fact]
    public void Succeeded_ReadThatTookLong_CountsFromItsSending()
    {
        var time = new TwoClocks();
        var state = new FeedState(time, StaleFeedBehavior.Accept);
        var reading = state.Begin();
        time.Monotonic += TimeSpan.FromSeconds(11);

        state.Succeeded(reading);

        Assert.False(state.IsFresh);
    }

    /// <summary>A machine whose clocks part: it slept, or was set.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        public TimeSpan Monotonic { get; set; } = TimeSpan.FromHours(1);

        public DateTimeOffset Wall { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Monotonic.Ticks;

        public override DateTimeOffset GetUtcNow() => Wall;
    }
}
