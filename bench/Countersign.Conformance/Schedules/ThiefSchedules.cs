using System.Globalization;
using Countersign.Conformance.Verdicts;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Schedules;

/// <summary>
/// A refresh token was copied, and owner and thief both use it. One of them must be refused before the owner has refreshed
/// <see cref="Rounds.MostVictimRefreshes"/> times (<see cref="Rounds.MostShadowedRefreshes"/> where he hides in the grace), and then the thief must be out too: that the owner has to log in again is the right end.
/// </summary>
internal static class ThiefSchedules
{
    /// <summary>When a shadow acts after its victim: inside every grace and leeway.</summary>
    private static readonly TimeSpan ShadowLag = TimeSpan.FromSeconds(5);

    /// <summary>Apps refresh so long before their access token ends.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);

    /// <summary>The thief refreshes once, before the owner, and comes back in the end.</summary>
    public static async Task ThiefFirstAsync(Stage stage)
    {
        var (trials, thieves) = await StealAsync(stage);
        await Stage.EachAsync(trials, trial => thieves[trial].TryRefreshAsync(stage.Node));
        await stage.PassAsync(stage.Interval);
        await RefreshVictimsAsync(stage, trials);
        await ComeBackAsync(stage, trials, thieves);
    }

    /// <summary>The thief waits until the owner has refreshed, sends its copy once, and comes back in the end.</summary>
    public static async Task VictimFirstAsync(Stage stage)
    {
        var (trials, thieves) = await StealAsync(stage);
        await Stage.EachAsync(trials, trial => trial.Client.TryRefreshAsync(stage.Node));
        await stage.PassAsync(TimeSpan.FromMinutes(2));
        await Stage.EachAsync(trials, trial => thieves[trial].TryRefreshAsync(stage.Node));
        await stage.PassAsync(stage.Interval);
        await RefreshVictimsAsync(stage, trials);
        await ComeBackAsync(stage, trials, thieves);
    }

    /// <summary>Thief and owner take turns, some minutes apart.</summary>
    public static async Task AlternatingAsync(Stage stage)
    {
        var (trials, thieves) = await StealAsync(stage);
        var found = new List<int>();
        for (int refresh = 1; refresh <= Rounds.MostVictimRefreshes; refresh++)
        {
            await Stage.EachAsync(trials, trial => thieves[trial].TryRefreshAsync(stage.Node));
            await stage.PassAsync(TimeSpan.FromMinutes(2));
            await Stage.EachAsync(trials, trial => trial.Client.TryRefreshAsync(stage.Node));
            await stage.PassAsync(stage.Interval);
            found.AddRange(Enumerable.Repeat(refresh, trials.Count(trial => IsFound(trial, thieves[trial])) - found.Count));
        }

        Judge(stage, trials, thieves, found, Rounds.MostVictimRefreshes);
        await OutAsync(stage, trials, thieves);
    }

    /// <summary>The thief refreshes a few seconds after the owner, and from then on whenever its own access token ends, as the owner does.</summary>
    public static async Task ShadowingAsync(Stage stage)
    {
        var (trials, thieves) = await StealAsync(stage);
        var events = new PriorityQueue<(Trial Trial, bool IsThief), TimeSpan>();
        var clocks = stage.Deployment.Clocks;
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
                await stage.PassAsync(due - clocks.Now);
            }

            var actor = isThief ? thieves[trial] : trial.Client;
            trial.Facts.Saw(await actor.TryRefreshAsync(stage.Node));
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

        Judge(stage, trials, thieves, found, Rounds.MostShadowedRefreshes);
        await OutAsync(stage, trials, thieves);
    }

    private static async Task<(IReadOnlyList<Trial> Trials, Dictionary<Trial, Holder> Thieves)> StealAsync(Stage stage)
    {
        var trials = await stage.LogInAsync(stage.Count(20, 5));
        await stage.LiveOnAsync(trials, 1);
        await stage.PassAsync(stage.Interval);
        return (trials, trials.ToDictionary(static trial => trial, static trial => trial.Client.Copy()));
    }

    private static async Task RefreshVictimsAsync(Stage stage, IReadOnlyList<Trial> trials)
    {
        for (int refresh = 1; refresh <= Rounds.MostVictimRefreshes; refresh++)
        {
            await Stage.EachAsync(trials, async trial => trial.Facts.Saw(await trial.Client.TryRefreshAsync(stage.Node)));
            await stage.PassAsync(stage.Interval);
        }
    }

    private static async Task ComeBackAsync(Stage stage, IReadOnlyList<Trial> trials, Dictionary<Trial, Holder> thieves)
    {
        int owners = 0;
        await Stage.EachAsync(trials, async trial =>
        {
            if (thieves[trial].Refusal is null && (await thieves[trial].TryRefreshAsync(stage.Node)).IsGood)
            {
                trial.Facts.Note(Fact.ThiefUndetected, $"the thief still refreshes after {Rounds.MostVictimRefreshes} refreshes of the owner");
            }
        });
        await stage.PassAsync(stage.Interval);
        await Stage.EachAsync(trials, async trial =>
        {
            if (trial.Client.Refusal is not null || !(await trial.Client.TryRefreshAsync(stage.Node)).IsGood)
            {
                Interlocked.Increment(ref owners);
            }
        });
        stage.Note = $"the owner had to log in again in {owners} of {trials.Count}";
    }

    private static bool IsFound(Trial trial, Holder thief) => trial.Client.Refusal is not null || thief.Refusal is not null;

    private static void Judge(Stage stage, IReadOnlyList<Trial> trials, Dictionary<Trial, Holder> thieves, List<int> found, int refreshes)
    {
        foreach (var trial in trials.Where(trial => !IsFound(trial, thieves[trial])))
        {
            trial.Facts.Note(Fact.ThiefUndetected, $"both still refresh after {refreshes} refreshes of the owner");
        }

        stage.Note = found.Count == 0
            ? "never found"
            : string.Create(CultureInfo.InvariantCulture, $"found at the owner's refresh {string.Join(", ", found.CountBy(static refresh => refresh).OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key} ({pair.Value}×)"))}");
    }

    /// <summary>Where the owner was refused, the thief must be out as well.</summary>
    private static async Task OutAsync(Stage stage, IReadOnlyList<Trial> trials, Dictionary<Trial, Holder> thieves)
    {
        await stage.PassAsync(stage.Interval);
        await Stage.EachAsync(trials.Where(trial => trial.Client.Refusal is not null && thieves[trial].Refusal is null), async trial =>
        {
            if ((await thieves[trial].TryRefreshAsync(stage.Node)).IsGood)
            {
                trial.Facts.Note(Fact.ThiefUndetected, "the owner is out, and the thief goes on");
            }
        });
    }
}
