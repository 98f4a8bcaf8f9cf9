using System.Globalization;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Schedules;

/// <summary>
/// A refresh token was copied, and owner and thief both use it. One of them must be refused before the owner has refreshed
/// <see cref="Rounds.MostVictimRefreshes"/> times (<see cref="Rounds.MostShadowedRefreshes"/> if the thief hides in the grace). Then the thief must be refused
/// too. That the owner must log in again is the right end.
/// </summary>
internal static class ThiefSchedules
{
    /// <summary>When a shadow acts after its victim: within every grace and leeway.</summary>
    private static readonly TimeSpan ShadowLag = TimeSpan.FromSeconds(5);

    /// <summary>How long before the end of their access token apps refresh.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);

    /// <summary>The thief refreshes once, before the owner, and comes back at the end.</summary>
    public static async Task ThiefFirstAsync(Scenario scenario)
    {
        var (trials, thieves) = await StealAsync(scenario);
        await Scenario.EachAsync(trials, trial => thieves[trial].TryRefreshAsync(scenario.Node));
        await scenario.PassAsync(scenario.Interval);
        await RefreshVictimsAsync(scenario, trials);
        await ComeBackAsync(scenario, trials, thieves);
    }

    /// <summary>The thief waits until the owner has refreshed, sends its copy once, and comes back at the end.</summary>
    public static async Task VictimFirstAsync(Scenario scenario)
    {
        var (trials, thieves) = await StealAsync(scenario);
        await Scenario.EachAsync(trials, trial => trial.Client.TryRefreshAsync(scenario.Node));
        await scenario.PassAsync(TimeSpan.FromMinutes(2));
        await Scenario.EachAsync(trials, trial => thieves[trial].TryRefreshAsync(scenario.Node));
        await scenario.PassAsync(scenario.Interval);
        await RefreshVictimsAsync(scenario, trials);
        await ComeBackAsync(scenario, trials, thieves);
    }

    /// <summary>Thief and owner take turns, some minutes apart.</summary>
    public static async Task AlternatingAsync(Scenario scenario)
    {
        var (trials, thieves) = await StealAsync(scenario);
        var found = new List<int>();
        for (int refresh = 1; refresh <= Rounds.MostVictimRefreshes; refresh++)
        {
            await Scenario.EachAsync(trials, trial => thieves[trial].TryRefreshAsync(scenario.Node));
            await scenario.PassAsync(TimeSpan.FromMinutes(2));
            await Scenario.EachAsync(trials, trial => trial.Client.TryRefreshAsync(scenario.Node));
            await scenario.PassAsync(scenario.Interval);
            found.AddRange(Enumerable.Repeat(refresh, trials.Count(trial => IsFound(trial, thieves[trial])) - found.Count));
        }

        Judge(scenario, trials, thieves, found, Rounds.MostVictimRefreshes);
        await OutAsync(scenario, trials, thieves);
    }

    /// <summary>The thief refreshes a few seconds after the owner, and then, like the owner, whenever its own access token ends.</summary>
    public static async Task ShadowingAsync(Scenario scenario)
    {
        var (trials, thieves) = await StealAsync(scenario);
        var events = new PriorityQueue<(Trial Trial, bool IsThief), TimeSpan>();
        var clocks = scenario.Deployment.Clocks;
        foreach (var trial in trials)
        {
            events.Enqueue((trial, false), clocks.Now);
            events.Enqueue((trial, true), clocks.Now + ShadowLag);
        }

        var refreshes = trials.ToDictionary(static trial => trial, static _ => 0);
        var found = new List<int>();
        while (events.TryDequeue(out var next, out var due))
        {
            var (trial, isThief) = next;
            if (IsFound(trial, thieves[trial]) || (!isThief && refreshes[trial] == Rounds.MostShadowedRefreshes))
            {
                continue;
            }

            if (due > clocks.Now)
            {
                await scenario.PassAsync(due - clocks.Now);
            }

            var actor = isThief ? thieves[trial] : trial.Client;
            trial.Evidence.Saw(await actor.TryRefreshAsync(scenario.Node));
            refreshes[trial] += isThief ? 0 : 1;
            if (IsFound(trial, thieves[trial]))
            {
                found.Add(refreshes[trial]);
            }

            events.Enqueue(next, clocks.Now + actor.Held.AccessLifetime - Ahead);
            if (refreshes.Values.All(static count => count == Rounds.MostShadowedRefreshes))
            {
                break;
            }
        }

        Judge(scenario, trials, thieves, found, Rounds.MostShadowedRefreshes);
        await OutAsync(scenario, trials, thieves);
    }

    private static async Task<(IReadOnlyList<Trial> Trials, Dictionary<Trial, Client> Thieves)> StealAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(20, 5));
        await scenario.LiveOnAsync(trials, 1);
        await scenario.PassAsync(scenario.Interval);
        return (trials, trials.ToDictionary(static trial => trial, static trial => trial.Client.Copy()));
    }

    private static async Task RefreshVictimsAsync(Scenario scenario, IReadOnlyList<Trial> trials)
    {
        for (int refresh = 1; refresh <= Rounds.MostVictimRefreshes; refresh++)
        {
            await Scenario.EachAsync(trials, async trial => trial.Evidence.Saw(await trial.Client.TryRefreshAsync(scenario.Node)));
            await scenario.PassAsync(scenario.Interval);
        }
    }

    private static async Task ComeBackAsync(Scenario scenario, IReadOnlyList<Trial> trials, Dictionary<Trial, Client> thieves)
    {
        int owners = 0;
        await Scenario.EachAsync(trials, async trial =>
        {
            if (thieves[trial].Problem is null && (await thieves[trial].TryRefreshAsync(scenario.Node)).IsGood)
            {
                trial.Evidence.Note(Fact.ThiefUndetected, $"the thief still refreshes after {Rounds.MostVictimRefreshes} refreshes of the owner");
            }
        });
        await scenario.PassAsync(scenario.Interval);
        await Scenario.EachAsync(trials, async trial =>
        {
            if (trial.Client.Problem is not null || !(await trial.Client.TryRefreshAsync(scenario.Node)).IsGood)
            {
                Interlocked.Increment(ref owners);
            }
        });
        scenario.Note = $"the owner had to log in again in {owners} of {trials.Count}";
    }

    private static bool IsFound(Trial trial, Client thief) => trial.Client.Problem is not null || thief.Problem is not null;

    private static void Judge(Scenario scenario, IReadOnlyList<Trial> trials, Dictionary<Trial, Client> thieves, List<int> found, int refreshes)
    {
        foreach (var trial in trials.Where(trial => !IsFound(trial, thieves[trial])))
        {
            trial.Evidence.Note(Fact.ThiefUndetected, $"both still refresh after {refreshes} refreshes of the owner");
        }

        var counts = found.CountBy(static refresh => refresh).OrderBy(static pair => pair.Key)
            .Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} ({pair.Value}×)"));
        scenario.Note = found.Count == 0 ? "never found" : $"found at the owner's refresh {string.Join(", ", counts)}";
    }

    /// <summary>If the owner was refused, the thief must be refused as well.</summary>
    private static async Task OutAsync(Scenario scenario, IReadOnlyList<Trial> trials, Dictionary<Trial, Client> thieves)
    {
        await scenario.PassAsync(scenario.Interval);
        await Scenario.EachAsync(trials.Where(trial => trial.Client.Problem is not null && thieves[trial].Problem is null), async trial =>
        {
            if ((await thieves[trial].TryRefreshAsync(scenario.Node)).IsGood)
            {
                trial.Evidence.Note(Fact.ThiefUndetected, "the owner is out, and the thief goes on");
            }
        });
    }
}
