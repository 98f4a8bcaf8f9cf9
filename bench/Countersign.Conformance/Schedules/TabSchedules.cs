using System.Collections.Concurrent;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Schedules;

/// <summary>Honest clients that race with themselves. Tabs share one storage, which holds what was written last.</summary>
internal static class TabSchedules
{
    private const int ManyTabs = 5;
    private const int Reloads = 4;

    public static Task TwoTabsAsync(Scenario scenario) => RaceAsync(scenario, scenario.Count(300, 40), _ => [scenario.Node, scenario.Node]);

    /// <summary>Four parallel requests to each of two nodes.</summary>
    public static Task TwoNodesAsync(Scenario scenario) =>
        RaceAsync(scenario, scenario.Count(200, 25), _ => [.. Enumerable.Range(0, 8).Select(request => scenario.Deployment.Nodes[request % 2].Address)]);

    /// <summary>Tabs are reloaded again and again, so that requests are broken off and answers come in any order.</summary>
    public static async Task ManyTabsAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(100, 15));
        for (int wave = 1; wave <= 2; wave++)
        {
            await Scenario.EachAsync(
                trials,
                trial => Task.WhenAll(Enumerable.Range(0, ManyTabs).Select(tab => ReloadAsync(scenario, trial, new Random(trial.Random.Next())))),
                parallel: 3);
            await scenario.PassAsync(Rounds.Fresh);
        }

        await scenario.LiveOnAsync(trials, 2);
    }

    /// <summary>The first tab's answer is slow: it overwrites the pair that the second tab got for the same token and has used since.</summary>
    public static async Task ReorderedAnswersAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(30, 8));
        var late = new ConcurrentDictionary<Trial, Reply>();
        await Scenario.EachAsync(trials, async trial =>
        {
            // Sent first, read last.
            late[trial] = await scenario.Http.RefreshAsync(scenario.Node, trial.Client.Held.Refresh);
            trial.Evidence.Expect(late[trial], Fact.FalseLogout, "the first tab");
            trial.Evidence.Expect(await trial.Client.TryRefreshAsync(scenario.Node), Fact.FalseLogout, "the second tab with the same token");
        });
        await scenario.PassAsync(TimeSpan.FromSeconds(5));
        await Scenario.EachAsync(trials, async trial =>
        {
            await scenario.GoOnAsync(trial, "the second tab, reloaded 5 s later");
            if (late[trial].Pair is { } pair)
            {
                trial.Client.Keep(pair);
            }
        });
        await scenario.PassAsync(TimeSpan.FromSeconds(5));
        await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, "with the late answer in its storage, 5 s later"));
        await scenario.LiveOnAsync(trials, 3);
    }

    private static async Task RaceAsync(Scenario scenario, int count, Func<Trial, IReadOnlyList<Uri>> places)
    {
        var trials = await scenario.LogInAsync(count);
        var others = new ConcurrentDictionary<Trial, TokenPair>();
        await Scenario.EachAsync(trials, async trial =>
        {
            string token = trial.Client.Held.Refresh;
            var replies = await Task.WhenAll(places(trial).Select(node => scenario.Http.RefreshAsync(node, token)));
            foreach (var reply in replies)
            {
                trial.Evidence.Expect(reply, Fact.FalseLogout, "one of several at once with the same token");
                if (reply.Pair is { } pair)
                {
                    trial.Client.Keep(pair);
                }
            }

            if (Branches.Other(trial, replies) is { } other)
            {
                others[trial] = other;
            }
        }, parallel: 2);
        await Branches.ProbeAsync(scenario, trials, others);
    }

    private static async Task ReloadAsync(Scenario scenario, Trial trial, Random random)
    {
        for (int reload = 0; reload < Reloads; reload++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(30)));

            // One page in three is reloaded before its refresh is answered.
            using var reloaded = new CancellationTokenSource();
            if (random.Next(3) == 0)
            {
                reloaded.CancelAfter(TimeSpan.FromMilliseconds(random.Next(1, 20)));
            }

            var reply = await scenario.Http.RefreshAsync(scenario.Node, trial.Client.Held.Refresh, reloaded.Token);
            trial.Evidence.Expect(reply, Fact.FalseLogout, "a tab among five");
            if (reply.Pair is { } pair)
            {
                trial.Client.Keep(pair);
            }
        }
    }
}
