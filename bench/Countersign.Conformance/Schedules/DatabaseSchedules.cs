using System.Globalization;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Schedules;

/// <summary>The database is down, restarted, or replaced by an older copy.</summary>
internal static class DatabaseSchedules
{
    private static readonly TimeSpan LongAway = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ShortAway = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    public static async Task RestartAsync(Scenario scenario)
    {
        var cluster = scenario.Deployment.Cluster ?? throw new InvalidOperationException("There is no database process.");
        int restarts = scenario.Count(5, 2);
        for (int restart = 0; restart < restarts; restart++)
        {
            var trials = await scenario.LogInAsync(24);
            var load = Scenario.EachAsync(trials, async trial =>
            {
                await Task.Delay(trial.Delay(200));
                await scenario.GoOnAsync(trial, "across the restart", Fact.LostSession);
            }, parallel: 12);
            await Task.Delay(TimeSpan.FromMilliseconds(scenario.Random.Next(20, 200)));
            await cluster.StopAsync();
            await cluster.StartAgainAsync();
            await load;
            await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, "after the restart", Fact.LostSession));
        }

        scenario.Note = $"{restarts} restarts";
    }

    /// <summary>Nothing reaches the database for two minutes (12 s with <c>--quick</c>), while apps refresh and call.</summary>
    public static async Task AwayAsync(Scenario scenario)
    {
        var proxy = scenario.Deployment.Proxy ?? throw new InvalidOperationException("There is no proxy.");
        var away = scenario.IsShort ? ShortAway : LongAway;
        var trials = await scenario.LogInAsync(scenario.Count(40, 10));
        int calls = 0, good = 0;
        long started = scenario.Time.GetTimestamp();
        proxy.GoAway();
        await Scenario.EachAsync(trials, async trial =>
        {
            while (scenario.Time.GetElapsedTime(started) < away)
            {
                var reply = await trial.Client.TryRefreshAsync(scenario.Node);
                trial.Evidence.Expect(reply, Fact.LostSession, "while the database is away");
                Interlocked.Increment(ref calls);
                Interlocked.Add(ref good, (await scenario.Http.MeAsync(scenario.Node, trial.Client.Held.Access)).IsGood ? 1 : 0);
                await Task.Delay(BetweenTries);
            }
        }, parallel: trials.Count);
        proxy.ComeBack();
        await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, "when the database is back", Fact.LostSession));
        await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, "once more", Fact.LostSession));
        scenario.Note = string.Create(
            CultureInfo.InvariantCulture, $"away for {away.TotalSeconds:0} s; {good} of {calls} calls of a protected route succeeded meanwhile");
    }

    /// <summary>A copy replaces the data some minutes later.</summary>
    /// <param name="refreshes">How often the client has refreshed since the copy.</param>
    /// <param name="isSaid">Whether the operator sets the server's setting for a restore, if it has one.</param>
    public static Func<Scenario, Task> Restored(int refreshes, bool isSaid) => async scenario =>
    {
        var trials = await scenario.LogInAsync(scenario.Count(20, 6));
        await scenario.LiveOnAsync(trials, 1);
        await scenario.PassAsync(scenario.Interval);
        await scenario.Deployment.BackUpAsync();
        for (int refresh = 1; refresh <= refreshes; refresh++)
        {
            await scenario.PassAsync(refresh == 1 ? TimeSpan.FromMinutes(2) : scenario.Interval);
            await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, "between backup and restore"));
        }

        await scenario.PassAsync(TimeSpan.FromMinutes(2));
        await scenario.Deployment.RestoreAsync(isSaid);
        await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, "after the restore", Fact.LostSession));
        await scenario.LiveOnAsync(trials, 2, Fact.LostSession);
    };
}
