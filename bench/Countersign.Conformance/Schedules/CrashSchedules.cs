using System.Globalization;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Nodes.Proxying;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Schedules;

/// <summary>
/// A node is killed by SIGKILL while clients refresh, and is started again. Clients without an answer ask again with the token that they hold.
/// </summary>
internal static class CrashSchedules
{
    private const int ClientsPerKill = 8;
    private const int MostMillisecondsMore = 5;

    private static readonly TimeSpan TrapPatience = TimeSpan.FromSeconds(15);

    /// <summary>Kills the node at any moment.</summary>
    public static async Task AnyMomentAsync(Scenario scenario)
    {
        int kills = scenario.Count(30, 4);
        int withoutAnswer = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            var trials = await scenario.LogInAsync(ClientsPerKill * 3);
            var ended = await EndSomeAsync(scenario);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var load = LoadAsync(scenario, trials, enough);
            await enough.Task;
            await Task.Delay(TimeSpan.FromMilliseconds(scenario.Random.NextDouble() * MostMillisecondsMore));
            await scenario.Deployment.Nodes[0].KillAsync();
            withoutAnswer += await load;
            await ReturnAsync(scenario, trials, ended);
        }

        scenario.Note = $"{kills} kills, {withoutAnswer} refreshes without an answer";
        scenario.Missed = withoutAnswer > 0 ? null : "no refresh was under way at any kill";
    }

    /// <summary>Kills the node at a named point of the transaction, as its database sees it.</summary>
    public static Func<Scenario, Task> At(KillPoint point) => async scenario =>
    {
        int kills = scenario.Count(12, 2);
        int sprung = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            var trials = await scenario.LogInAsync(ClientsPerKill);
            var ended = await EndSomeAsync(scenario);
            var node = scenario.Deployment.Nodes[0];
            var trap = Proxy(scenario).StopAtAsync(point, node.KillNow);
            var load = Scenario.EachAsync(trials, trial => trial.Client.TryRefreshAsync(scenario.Node));
            bool isSprung = await Task.WhenAny(trap, Task.Delay(TrapPatience)) == trap;
            Proxy(scenario).StopNowhere();
            if (!isSprung && !scenario.Http.Server.RefreshWrites)
            {
                await load;
                scenario.DoesNotApply = "its refresh writes nothing";
                return;
            }

            sprung += isSprung ? 1 : 0;
            await node.KillAsync();
            await load;
            await ReturnAsync(scenario, trials, ended);
        }

        scenario.Note = string.Create(CultureInfo.InvariantCulture, $"{sprung} of {kills} kills at the point");
        scenario.Missed = MissedAt(point, sprung, kills);
    };

    /// <summary>A kill at another point shows nothing about the named one: the server's statements may have changed since the proxy was written.</summary>
    /// <returns>Null if each kill was at the point.</returns>
    internal static string? MissedAt(KillPoint point, int sprung, int kills) =>
        kills > 0 && sprung == kills
            ? null
            : string.Create(
                CultureInfo.InvariantCulture, $"{kills - sprung} of {kills} kills were not at {point}: the proxy saw none in {TrapPatience.TotalSeconds:0} s");

    /// <summary>Lets all clients refresh, some at a time, and returns how many got no answer.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="enough">Completes when a random number of them have been answered, so that on a slow machine too the kill happens among the rest.</param>
    private static async Task<int> LoadAsync(Scenario scenario, IReadOnlyList<Trial> trials, TaskCompletionSource enough)
    {
        int answered = 0, lost = 0;
        int most = scenario.Random.Next(trials.Count - ClientsPerKill);
        await Scenario.EachAsync(trials, async trial =>
        {
            if (Volatile.Read(ref answered) >= most)
            {
                enough.TrySetResult();
            }

            bool isLost = (await trial.Client.TryRefreshAsync(scenario.Node)).Kind is ReplyKind.Lost;
            Interlocked.Increment(ref isLost ? ref lost : ref answered);
        });
        return lost;
    }

    private static PostgreSqlProxy Proxy(Scenario scenario) => scenario.Deployment.Proxy ?? throw new InvalidOperationException("There is no proxy.");

    /// <summary>Sessions whose logout was answered before the kill; none if the server has no logout.</summary>
    private static async Task<IReadOnlyList<(Trial Trial, TokenPair Pair)>> EndSomeAsync(Scenario scenario)
    {
        if (scenario.Http.Server.WhyNot(Needs.LogOut) is not null)
        {
            return [];
        }

        var ended = new List<(Trial, TokenPair)>();
        foreach (var trial in await scenario.LogInAsync(2))
        {
            var pair = trial.Client.Held;
            if ((await scenario.Http.LogOutAsync(scenario.Node, pair)).IsGood)
            {
                ended.Add((trial, pair));
            }
        }

        return ended;
    }

    private static async Task ReturnAsync(Scenario scenario, IReadOnlyList<Trial> trials, IReadOnlyList<(Trial Trial, TokenPair Pair)> ended)
    {
        await scenario.Deployment.Nodes[0].StartAsync();
        for (int refresh = 1; refresh <= 2; refresh++)
        {
            await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, $"refresh {refresh} after the restart", Fact.LostSession));
        }

        foreach (var (trial, pair) in ended)
        {
            if ((await scenario.Http.RefreshAsync(scenario.Node, pair.Refresh)).IsGood)
            {
                trial.Evidence.Note(Fact.RevivedToken, "logged out before the kill, and in again after it");
            }
        }
    }
}
