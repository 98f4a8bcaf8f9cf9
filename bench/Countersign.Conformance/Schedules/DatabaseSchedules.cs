using System.Globalization;
using Countersign.Conformance.Verdicts;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Schedules;

/// <summary>The database is away, restarted, or back from a copy of some time ago.</summary>
internal static class DatabaseSchedules
{
    private static readonly TimeSpan LongAway = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ShortAway = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    public static async Task RestartAsync(Stage stage)
    {
        var cluster = stage.Deployment.Cluster ?? throw new InvalidOperationException("There is no database process.");
        int restarts = stage.Count(5, 2);
        for (int restart = 0; restart < restarts; restart++)
        {
            var trials = await stage.LogInAsync(24);
            var load = Stage.EachAsync(trials, async trial =>
            {
                await Task.Delay(trial.Delay(200));
                await stage.GoOnAsync(trial, "across the restart", Fact.LostSession);
            }, parallel: 12);
            await Task.Delay(TimeSpan.FromMilliseconds(stage.Random.Next(20, 200)));
            await cluster.StopAsync();
            await cluster.StartAsync(stage.Deployment.Clocks.EnvironmentOf("postgresql"));
            await load;
            await Stage.EachAsync(trials, trial => stage.GoOnAsync(trial, "after the restart", Fact.LostSession));
        }

        stage.Note = $"{restarts} restarts";
    }

    /// <summary>Nothing reaches the database for two minutes (12 s with <c>--quick</c>), while apps refresh and call.</summary>
    public static async Task AwayAsync(Stage stage)
    {
        var proxy = stage.Deployment.Proxy ?? throw new InvalidOperationException("There is no proxy.");
        var away = stage.IsShort ? ShortAway : LongAway;
        var trials = await stage.LogInAsync(stage.Count(40, 10));
        int calls = 0, good = 0;
        long started = stage.Time.GetTimestamp();
        proxy.GoAway();
        await Stage.EachAsync(trials, async trial =>
        {
            while (stage.Time.GetElapsedTime(started) < away)
            {
                var reply = await trial.Client.TryRefreshAsync(stage.Node);
                trial.Facts.Expect(reply, Fact.LostSession, "while the database is away");
                Interlocked.Increment(ref calls);
                Interlocked.Add(ref good, (await stage.Wire.MeAsync(stage.Node, trial.Client.Held.Access)).IsGood ? 1 : 0);
                await Task.Delay(BetweenTries);
            }
        }, parallel: trials.Count);
        proxy.ComeBack();
        await Stage.EachAsync(trials, trial => stage.GoOnAsync(trial, "when the database is back", Fact.LostSession));
        await Stage.EachAsync(trials, trial => stage.GoOnAsync(trial, "once more", Fact.LostSession));
        stage.Note = string.Create(CultureInfo.InvariantCulture, $"away for {away.TotalSeconds:0} s; {good} of {calls} calls of a protected route succeeded meanwhile");
    }

    /// <summary>A copy is put in the place of the data, some minutes later.</summary>
    /// <param name="refreshes">How often the client has refreshed since the copy.</param>
    /// <param name="isSaid">Whether the operator tells the server of the restore, where it has a setting for that.</param>
    public static Func<Stage, Task> Restored(int refreshes, bool isSaid) => async stage =>
    {
        var trials = await stage.LogInAsync(stage.Count(20, 6));
        await stage.LiveOnAsync(trials, 1);
        await stage.PassAsync(stage.Interval);
        await stage.Deployment.BackUpAsync();
        for (int refresh = 1; refresh <= refreshes; refresh++)
        {
            await stage.PassAsync(refresh == 1 ? TimeSpan.FromMinutes(2) : stage.Interval);
            await Stage.EachAsync(trials, trial => stage.GoOnAsync(trial, "between backup and restore"));
        }

        await stage.PassAsync(TimeSpan.FromMinutes(2));
        await stage.Deployment.RestoreAsync(isSaid);
        await Stage.EachAsync(trials, trial => stage.GoOnAsync(trial, "after the restore", Fact.LostSession));
        await stage.LiveOnAsync(trials, 2, Fact.LostSession);
    };
}
