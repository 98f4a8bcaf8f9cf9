using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Limits;

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
        _failures = new ClientFailures(
            Options.Create(new NetworkLimitOptions { ClientFailuresPerNetworkPerMinute = 3, ClientFailuresPerClientPerMinute = 5 }),
            new SessionClock(_time),
            new Logger<ClientAuthenticator>(_loggers));
    }

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public void FindWait_NetworkThatFailedTooOften_WaitsUntilOneHasComeBack()
    {
        Fail(Network, "api", 3);

        Assert.Equal(TimeSpan.FromSeconds(20), _failures.FindWait(Network, "api"));
        Assert.NotNull(_failures.FindWait(Network, "another"));
        Assert.Null(_failures.FindWait("192.0.2.2", "api"));
        _time.Advance(TimeSpan.FromSeconds(20));
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
        _failures.Count(Network, "hunter2", isKnown: false);

        var line = Assert.Single(_log.Lines).Text;
        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
        Assert.Contains(Network, line, StringComparison.Ordinal);
    }

    private List<string> Counts() => [.. _log.Lines.Select(static line => string.Join(' ', line.Text.Split(' ')[2..4]))];

    private void Fail(string network, string client, int times)
    {
        for (var failure = 0; failure < times; failure++)
        {
            _failures.Count(network, client, isKnown: true);
        }
    }
}
