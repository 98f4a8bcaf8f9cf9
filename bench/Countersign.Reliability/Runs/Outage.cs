using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Servers;

namespace Countersign.Reliability.Runs;

/// <summary>
/// The database is down for a while under refresh load, stopped in order or killed. No session may be harmed, undecided requests must get 503 with Retry-After,
/// access tokens must still be accepted, and the nodes must recover without help.
/// </summary>
internal sealed class Outage(RunContext run, bool isKilled)
{
    public const int DefaultCount = 1000;
    private const int TriesToGoOn = 20;
    private const double GoOnAtLeast = 0.999;
    private const double RefusedWithinMilliseconds = 2500;

    /// <summary>Sessions rotate at the clients' pace, so that commits are running when the database stops.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentBag<string> _refusedBearers = [];
    private int _bearers;

    public static Task<RunResult> RunAsync(Settings settings, bool isKilled) =>
        RunContext.RunAsync(isKilled ? "crash" : "outage", settings, Grace, run => new Outage(run, isKilled).PlayAsync());

    private async Task PlayAsync()
    {
        var clients = run.MakeClients(await run.MakeSessionsAsync(run.Settings.Count), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6));
        var witness = await run.Api.LogInAsync(run.Nodes[0], 0);
        using var stop = new CancellationTokenSource();
        Task[] loops =
        [
            .. clients.Select(client => Task.Run(() => client.RunAsync(stop.Token))),
            .. run.Nodes.Select(node => Task.Run(() => ShowTokenAsync(node, witness.Access, stop.Token))),
        ];
        await Task.Delay(Before);
        await BreakAsync();
        await RecoverAsync(clients);
        await Task.Delay(After);
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        await JudgeAsync(clients);
    }

    private async Task BreakAsync()
    {
        var cluster = run.Deployment.Cluster!;
        await (isKilled ? cluster.KillAsync() : cluster.StopAsync());
        run.Settings.Progress.WriteLine($"the database is away for {run.Settings.Away.TotalSeconds:F0} s");
        await Task.Delay(run.Settings.Away);
        await cluster.StartAgainAsync();
        run.Settings.Progress.WriteLine("the database is back");
    }

    /// <summary>Waits until the nodes are ready and every client has had an answer again, as long as that may take.</summary>
    private async Task RecoverAsync(RefreshingClient[] clients)
    {
        long back = Stopwatch.GetTimestamp();
        int[] answered = [.. clients.Select(static client => client.Answered)];
        var ready = run.Nodes.Select(async node =>
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

        run.Result.Fact("from the database's return to the first refresh, ms", first.TotalMilliseconds);
        run.Result.Fact("from the database's return until every client was served, ms", Stopwatch.GetElapsedTime(back).TotalMilliseconds);
        run.Result.AtMost("from the database's return until both nodes are ready, ms", (await Task.WhenAll(ready)).Max().TotalMilliseconds, 5000);
    }

    private async Task ShowTokenAsync(ServerNode node, string accessToken, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await run.Api.IsAcceptedAsync(node, accessToken) is not true)
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
        var events = await run.Records.EventsAsync();
        run.Result.Fact("clients", clients.Length);
        run.Result.Fact("seconds away", run.Settings.Away.TotalSeconds);
        run.Result.Fact("pairs handed out", clients.Sum(static client => client.Answered));
        run.Result.Fact("answers 503", unavailable.Length);
        run.Result.Fact("commits whose answer was lost (the old token came again)", events.GetValueOrDefault("refresh_answer_lost"));
        run.Result.Fact("access tokens shown", _bearers);
        double[] times = [.. unavailable.Select(static reply => reply.Took.TotalMilliseconds)];
        run.Result.Percentiles("time to a 503", times);

        run.Result.AtLeast("requests that met the outage", unavailable.Length, clients.Length);
        run.Result.AtLeast("share of clients that go on", (double)goOn / clients.Length, GoOnAtLeast);
        run.Result.None("answers other than 200 and 503", [.. clients.Select(static client => client.Violation).OfType<string>()]);
        run.Result.Exactly("requests without an answer", clients.Sum(static client => client.Lost), 0);
        run.Result.Exactly("answers 503 without Retry-After", unavailable.Count(static reply => reply.RetryAfter is null), 0);
        run.Result.AtMost("99 % of the 503 within, ms", Statistics.Percentile(times, 99), RefusedWithinMilliseconds);
        run.Result.None("access tokens refused or unanswered", _refusedBearers);
        run.Result.Exactly("sessions revoked", await run.Records.CountAsync("countersign_sessions", "revoked_at IS NOT NULL"), 0);
        run.Result.Exactly("rows in the database (one a session)", await run.Records.CountAsync("countersign_sessions"), clients.Length + 1);
        await run.AddDamageAsync();
    }
}
