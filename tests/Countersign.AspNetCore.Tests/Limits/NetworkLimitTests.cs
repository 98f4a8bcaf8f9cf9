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
    public void TryTake_UnknownNetworks_ShareOne()
    {
        var limit = new NetworkLimit(3, _time);

        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => limit.TryTake(null) is null));
        Assert.Null(limit.TryTake("192.0.2.1"));
        Assert.Equal(2, limit.Count);
    }

    [Theory]
    [InlineData("2001:db8:1:2::/64", 10)]
    [InlineData("2001:db8:1:{0:x}::/64", 10 * NetworkLimit.SiteFactor)]
    [InlineData("2001:db8:1:{0:x}00::/64", 10 * NetworkLimit.OrganisationFactor)]
    [InlineData("2001:db8:{0:x}:1::/64", 2_000)]
    public void TryTake_Ipv6_CountsByLinkSiteAndOrganisation(string format, int taken)
    {
        // 200 networks take ten each: they are one /64, links of one /56, sites of one /48, or strangers to each other.
        var limit = new NetworkLimit(10, _time);
        var networks = Enumerable.Range(0, 200).Select(number => string.Format(CultureInfo.InvariantCulture, format, number));

        Assert.Equal(taken, networks.Sum(network => Enumerable.Range(0, 10).Count(_ => limit.TryTake(network) is null)));
    }

    [Fact]
    public void TryTake_RefusedByOneWidth_TakesFromNone()
    {
        var limit = new NetworkLimit(10, _time);
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            limit.TryTake("2001:db8:1:1::/64");
        }

        // What was refused at the /64 used up nothing of the /56: its other links have all but ten of what is theirs.
        var neighbours = Enumerable.Range(2, 100)
            .Count(number => limit.TryTake(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1:{number:x}::/64")) is null);
        Assert.Equal((10 * NetworkLimit.SiteFactor) - 10, neighbours);

        // And what was refused at the /56 used up nothing of its link: when the /56 has one again, a link that was refused takes it.
        const string Refused = "2001:db8:1:50::/64";
        Assert.Equal(TimeSpan.FromSeconds(2), limit.TryTake(Refused));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(limit.TryTake(Refused));
    }

    [Fact]
    public void TryTake_A48ThatFillsTheRoomOfThe64s_IsStillCountedAndIpv4KeepsItsRoom()
    {
        var limit = new NetworkLimit(NetworkLimit.MaxNetworks, _time);
        var taken = Enumerable.Range(0, 65_536)
            .Count(number => limit.TryTake(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1:{number:x}::/64")) is null);
        Assert.Equal(65_536, taken);
        for (var attempt = taken; attempt < NetworkLimit.MaxNetworks * NetworkLimit.OrganisationFactor; attempt++)
        {
            limit.TryTake(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1:{attempt % 65_536:x}::/64"));
        }

        Assert.NotNull(limit.TryTake("2001:db8:1:ffff::/64"));
        var one = new NetworkLimit(1, _time);
        for (var number = 0; number < NetworkLimit.MaxNetworks * 2; number++)
        {
            one.TryTake(string.Create(CultureInfo.InvariantCulture, $"2001:{number:x}:1:1::/64"));
        }

        Assert.Null(one.TryTake("192.0.2.1"));
        Assert.NotNull(one.TryTake("192.0.2.1"));
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
