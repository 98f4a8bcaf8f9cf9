using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Stage;

namespace Countersign.Reliability.Runs;

/// <summary>
/// The database is away for a while under refresh load, ended in order or killed. Nobody's session may suffer, what can't be decided is answered 503 and when to come again, access tokens go on
/// being accepted, and the nodes recover by themselves.
/// </summary>
internal sealed class Outage
{
    public const int DefaultCount = 1000;
    private const int Nodes = 2;
    private const int TriesToGoOn = 20;
    private const double GoOnAtLeast = 0.999;
    private const double RefusedWithinMilliseconds = 2500;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(60);

    private readonly Settings _settings;
    private readonly Deployment _deployment;
    private readonly Api _api;
    private readonly bool _isKilled;
    private readonly RunResult _result;
    private readonly ConcurrentBag<string> _refusedBearers = [];
    private int _bearers;

    private Outage(Settings settings, Deployment deployment, Api api, bool isKilled)
    {
        (_settings, _deployment, _api, _isKilled) = (settings, deployment, api, isKilled);
        _result = new RunResult(isKilled ? "crash" : "outage", settings.Store.ToString());
    }

    public static async Task<RunResult> RunAsync(Settings settings, bool isKilled)
    {
        // Sessions that rotate at the clients' pace, so that commits are under way when the database goes.
        await using var deployment = await Deployment.StartAsync(
            settings.Store, Nodes, new Dictionary<string, string>(StringComparer.Ordinal) { ["Auth__Refresh__Grace"] = "00:00:01" });
        using var api = new Api();
        return await new Outage(settings, deployment, api, isKilled).RunAsync();
    }

    private async Task<RunResult> RunAsync()
    {
        var pairs = await Logins.MakeAsync(_api, _deployment.Nodes, _settings.Count);
        _settings.Progress.WriteLine($"{pairs.Length} sessions made");
        RefreshingClient[] clients =
        [
            .. pairs.Select((pair, number) => new RefreshingClient(
                _api, _deployment.Nodes, pair, _settings.Seed + number, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6))),
        ];
        var witness = await _api.LogInAsync(_deployment.Nodes[0], 0);
        using var stop = new CancellationTokenSource();
        Task[] loops =
        [
            .. clients.Select(client => Task.Run(() => client.RunAsync(stop.Token))),
            .. _deployment.Nodes.Select(node => Task.Run(() => ShowTokenAsync(node, witness.Access, stop.Token))),
        ];
        await Task.Delay(Before);
        await BreakAsync();
        await RecoverAsync(clients);
        await Task.Delay(After);
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        await JudgeAsync(clients);
        return _result;
    }

    private async Task BreakAsync()
    {
        if (_isKilled)
        {
            _deployment.Cluster!.Kill();
        }
        else
        {
            _deployment.Cluster!.Stop();
        }

        _settings.Progress.WriteLine($"the database is away for {_settings.Away.TotalSeconds:F0} s");
        await Task.Delay(_settings.Away);
        _deployment.Cluster!.StartAgain();
        _settings.Progress.WriteLine("the database is back");
    }

    /// <summary>Waits until nodes are ready and every client has been served again, as long as that may take.</summary>
    private async Task RecoverAsync(RefreshingClient[] clients)
    {
        long back = Stopwatch.GetTimestamp();
        int[] answered = [.. clients.Select(static client => client.Answered)];
        var ready = _deployment.Nodes.Select(async node =>
        {
            await node.WaitUntilReadyAsync();
            return Stopwatch.GetElapsedTime(back);
        }).ToArray();
        var first = TimeSpan.Zero;
        while (Stopwatch.GetElapsedTime(back) < RecoveryLimit)
        {
            int served = clients.Where((client, number) => client.Answered > answered[number]).Count();
            if (first == TimeSpan.Zero && served > 0)
            {
                first = Stopwatch.GetElapsedTime(back);
            }

            if (served == clients.Length)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        _result.Fact("from the database's return to the first refresh, ms", first.TotalMilliseconds);
        _result.Fact("from the database's return until every client was served, ms", Stopwatch.GetElapsedTime(back).TotalMilliseconds);
        _result.AtMost("from the database's return until both nodes are ready, ms", (await Task.WhenAll(ready)).Max().TotalMilliseconds, 5000);
    }

    private async Task ShowTokenAsync(ServedProcess node, string accessToken, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await _api.IsAcceptedAsync(node, accessToken) is not true)
            {
                _refusedBearers.Add($"at {node.Address}");
            }

            Interlocked.Increment(ref _bearers);
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task JudgeAsync(RefreshingClient[] clients)
    {
        int goOn = 0;
        await Logins.ForAsync(clients.Length, async number =>
        {
            if (await clients[number].GoesOnAsync(TriesToGoOn))
            {
                Interlocked.Increment(ref goOn);
            }
        });
        Reply[] unavailable = [.. clients.SelectMany(static client => client.Unavailable)];
        var events = await _deployment.Records.EventsAsync();
        _result.Fact("clients", clients.Length);
        _result.Fact("seconds away", _settings.Away.TotalSeconds);
        _result.Fact("pairs handed out", clients.Sum(static client => client.Answered));
        _result.Fact("answers 503", unavailable.Length);
        _result.Fact("commits whose answer was lost (the old token came again)", events.GetValueOrDefault("refresh_answer_lost"));
        _result.Fact("access tokens shown", _bearers);
        Percentiles.AddTo(_result, "time to a 503", [.. unavailable.Select(static reply => reply.Took.TotalMilliseconds)]);

        _result.AtLeast("requests that met the outage", unavailable.Length, clients.Length);
        _result.AtLeast("share of clients that go on", (double)goOn / clients.Length, GoOnAtLeast);
        _result.None("answers other than 200 and 503", [.. clients.Select(static client => client.Violation).OfType<string>()]);
        _result.Exactly("requests without an answer", clients.Sum(static client => client.Lost), 0);
        _result.Exactly("answers 503 without Retry-After", unavailable.Count(static reply => reply.RetryAfter is null), 0);
        _result.AtMost("99 % of the 503 within, ms", Percentiles.Of(unavailable.Select(static reply => reply.Took.TotalMilliseconds), 99), RefusedWithinMilliseconds);
        _result.None("access tokens refused or unanswered", _refusedBearers);
        _result.Exactly("sessions revoked", await _deployment.Records.CountAsync("countersign_sessions", "revoked_at IS NOT NULL"), 0);
        _result.Exactly("rows in the database (one a session)", await _deployment.Records.CountAsync("countersign_sessions"), clients.Length + 1);
        _result.None("damage found by the database", await _deployment.Records.FindDamageAsync() is { } damage ? [damage] : []);
    }
}
