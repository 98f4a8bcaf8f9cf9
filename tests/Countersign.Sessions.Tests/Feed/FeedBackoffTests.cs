using Countersign.Sessions.Feed;

namespace Countersign.Sessions.Tests.Feed;

public sealed class FeedBackoffTests
{
    [Fact]
    public void Failed_AgainAndAgain_WaitsLongerUpToABoundAndNeverTheSame()
    {
        var patience = new FeedBackoff();
        List<TimeSpan> pauses = [];
        for (var i = 0; i < 40; i++)
        {
            pauses.Add(patience.Failed());
        }

        Assert.InRange(pauses[0], TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100));
        Assert.InRange(pauses[1], TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
        Assert.All(pauses.Skip(10), static pause => Assert.InRange(pause, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        Assert.True(pauses.Skip(10).Distinct().Count() > 1);
    }

    [Fact]
    public void Limit_AfterFailures_GrowsUpToABoundAndAQuickReadSetsItBack()
    {
        var patience = new FeedBackoff();
        var first = patience.Limit;
        patience.Failed();
        Assert.Equal(2 * first, patience.Limit);
        for (var i = 0; i < 100; i++)
        {
            patience.Failed();
        }

        Assert.Equal(TimeSpan.FromSeconds(4), patience.Limit);

        patience.Succeeded(TimeSpan.FromMilliseconds(10));

        Assert.Equal(first, patience.Limit);
    }

    [Fact]
    public void Limit_DatabaseThatIsOnlySlow_KeepsTheTimeThatItNeeds()
    {
        var patience = new FeedBackoff();
        patience.Failed();
        var limit = patience.Limit;

        patience.Succeeded(TimeSpan.FromSeconds(1));

        Assert.Equal(limit, patience.Limit);
        Assert.InRange(patience.Failed(), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100));
    }
}
