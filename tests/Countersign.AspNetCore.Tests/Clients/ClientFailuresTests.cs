using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Sessions;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Clients;

public sealed class ClientFailuresTests : IDisposable
{
    private const string Network = "192.0.2.1";

    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;
    private readonly ClientFailures _failures;

    public ClientFailuresTests()
    {
        _loggers = new LoggerFactory([_log]);
        _failures = Failures(perNetwork: 3, perClient: 5);
    }

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public void FindWait_NetworkThatFailedTooOften_WaitsUntilOneHasComeBack()
    {
        Fail(Network, "api", 3);

        Assert.Equal(TimeSpan.FromSeconds(20), _failures.FindWait(Network, "api"));
        Assert.Null(_failures.FindWait(Network, "another"));
        Assert.Null(_failures.FindWait(Network, clientId: null));
        Assert.Null(_failures.FindWait("192.0.2.2", "api"));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(_failures.FindWait(Network, "api"));
    }

    [Fact]
    public void FindWait_InventedIds_HaveOneCountOfTheirNetworkAndTouchNoClient()
    {
        Fail(Network, null, 300);

        Assert.NotNull(_failures.FindWait(Network, clientId: null));
        Assert.Null(_failures.FindWait(Network, "api"));
        Assert.Null(_failures.FindWait("192.0.2.2", clientId: null));
    }

    /// <summary>The failures as one client do not make a network one that has failed as another, whose count strangers used up.</summary>
    [Fact]
    public void FindWait_ClientThatStrangersFailed_IsNotRefusedForFailuresAsAnother()
    {
        for (var network = 1; network <= 5; network++)
        {
            Fail($"198.51.100.{network}", "api", 1);
        }

        Fail(Network, "another", 3);
        Fail(Network, null, 3);

        Assert.NotNull(_failures.FindWait("198.51.100.1", "api"));
        Assert.Null(_failures.FindWait(Network, "api"));
    }

    [Fact]
    public void FindWait_AskedOften_TakesNothing()
    {
        for (var request = 0; request < 1_000; request++)
        {
            Assert.Null(_failures.FindWait(Network, "api"));
        }
    }

    [Fact]
    public void FindWait_ClientThatManyNetworksFailed_IsRefusedToThoseAlone()
    {
        for (var network = 1; network <= 5; network++)
        {
            Fail($"192.0.2.{network}", "api", 1);
        }

        Assert.NotNull(_failures.FindWait(Network, "api"));
        Assert.Null(_failures.FindWait(Network, "another"));
        Assert.Null(_failures.FindWait("192.0.2.99", "api"));
    }

    /// <summary>At the default of 30 a minute one failure is paid back after two seconds; the network has failed within the minute all the same.</summary>
    [Fact]
    public void FindWait_OneFailureEveryThreeSecondsFromManyNetworks_RefusesEachForAWholeMinute()
    {
        var failures = Failures(perNetwork: 30, perClient: 4);
        for (var network = 1; network <= 19; network++)
        {
            failures.Count($"192.0.2.{network}", "api");
            _time.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.All(Enumerable.Range(1, 19), network => Assert.NotNull(failures.FindWait($"192.0.2.{network}", "api")));
        Assert.Null(failures.FindWait("192.0.2.99", "api"));

        // 61 seconds after the first failure, 7 after the last; another network keeps the client's count used up.
        _time.Advance(TimeSpan.FromSeconds(4));
        failures.Count("192.0.2.20", "api");
        Assert.Null(failures.FindWait("192.0.2.1", "api"));
        Assert.NotNull(failures.FindWait("192.0.2.19", "api"));
    }

    [Fact]
    public void Count_AFlood_WritesALineEveryTenSecondsThatCountsThemAll()
    {
        Fail(Network, "api", 300);
        Assert.Equal(["1 wrong"], Counts());

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["1 wrong", "299 wrong"], Counts());
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, Counts().Count);

        Fail(Network, "api", 1);
        Assert.Equal(["1 wrong", "299 wrong", "1 wrong"], Counts());
    }

    [Fact]
    public void Count_AnInventedId_IsNotLogged()
    {
        _failures.Count(Network, clientId: null);

        var line = Assert.Single(_log.Lines).Text;
        Assert.Contains("an unknown one", line, StringComparison.Ordinal);
        Assert.Contains(Network, line, StringComparison.Ordinal);
    }

    private ClientFailures Failures(int perNetwork, int perClient) => new(
        Options.Create(new CountersignNetworkLimitOptions { ClientFailuresPerNetworkPerMinute = perNetwork, ClientFailuresPerClientPerMinute = perClient }),
        new SessionClock(_time),
        new Logger<ClientAuthenticator>(_loggers));

    private List<string> Counts() => [.. _log.Lines.Select(static line => string.Join(' ', line.Text.Split(' ')[1..3]))];

    private void Fail(string network, string? client, int times)
    {
        for (var failure = 0; failure < times; failure++)
        {
            _failures.Count(network, client);
        }
    }
}
