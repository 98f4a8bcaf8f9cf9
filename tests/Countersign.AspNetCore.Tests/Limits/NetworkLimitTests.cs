using System.Globalization;
using Countersign.AspNetCore.Limits;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Limits;

public sealed class NetworkLimitTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryTake_AMinutesWorth_ComesAtOnceThenTrickles()
    {
        var limit = new NetworkLimit(60, _time);
        for (var attempt = 0; attempt < 60; attempt++)
        {
            Assert.Null(limit.TryTake("192.0.2.1"));
        }

        Assert.Equal(TimeSpan.FromSeconds(1), limit.TryTake("192.0.2.1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(limit.TryTake("192.0.2.1"));
        Assert.NotNull(limit.TryTake("192.0.2.1"));
        Assert.Null(limit.TryTake("192.0.2.2"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(97)]
    public void TryTake_ARateThatDoesNotDivideAMinute_IsGivenWhole(int perMinute)
    {
        var limit = new NetworkLimit(perMinute, _time);

        Assert.Equal(perMinute, Enumerable.Range(0, perMinute + 1).Count(_ => limit.TryTake("192.0.2.1") is null));
    }

    [Fact]
    public void TryTake_AcrossTheBorderOfTwoMinutes_NeverDoubles()
    {
        var limit = new NetworkLimit(60, _time);
        _time.Advance(TimeSpan.FromSeconds(59));
        var taken = Enumerable.Range(0, 200).Count(_ => limit.TryTake("192.0.2.1") is null);
        _time.Advance(TimeSpan.FromSeconds(2));
        taken += Enumerable.Range(0, 200).Count(_ => limit.TryTake("192.0.2.1") is null);

        Assert.Equal(62, taken);
    }

    [Fact]
    public void TryTake_OneAMinute_SaysWhenToComeAgain()
    {
        var limit = new NetworkLimit(1, _time);

        Assert.Null(limit.TryTake("192.0.2.1"));
        Assert.Equal(TimeSpan.FromSeconds(60), limit.TryTake("192.0.2.1"));
    }

    [Fact]
    public void TryTake_UnknownNetwork_IsNotCounted()
    {
        var limit = new NetworkLimit(1, _time);

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Null(limit.TryTake(null)));
        Assert.Equal(0, limit.Count);
    }

    [Fact]
    public void TryTake_MoreNetworksThanItHolds_MemoryIsBoundedAndTheKnownStayLimited()
    {
        var limit = new NetworkLimit(1, _time);
        Assert.Null(limit.TryTake("first"));
        for (var network = 0; network < NetworkLimit.MaxNetworks * 2; network++)
        {
            Assert.Null(limit.TryTake(network.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.Equal(NetworkLimit.MaxNetworks, limit.Count);
        Assert.NotNull(limit.TryTake("first"));

        // When their minute is over they are forgotten, and a new one is counted again.
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(limit.TryTake("new"));
        Assert.NotNull(limit.TryTake("new"));
        Assert.Equal(1, limit.Count);
    }
}
