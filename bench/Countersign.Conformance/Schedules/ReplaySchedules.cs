using System.Collections.Concurrent;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Schedules;

/// <summary>Answers that are lost, and old tokens that come again.</summary>
internal static class ReplaySchedules
{
    /// <summary>A refresh is answered, the answer never arrives, and the client asks again with its old token.</summary>
    /// <param name="pause">How long it waits before it asks again.</param>
    public static Func<Scenario, Task> LostAnswer(TimeSpan pause) => async scenario =>
    {
        var trials = await scenario.LogInAsync(scenario.Count(50, 10));

        // One session that was refreshed before, and one at its first refresh.
        await scenario.PassAsync(Rounds.Fresh);
        await Scenario.EachAsync(trials.Where((_, index) => index % 2 == 0), trial => scenario.GoOnAsync(trial, "before it"));
        await scenario.PassAsync(scenario.Interval);
        await Scenario.EachAsync(
            trials, async trial => trial.Evidence.Expect(await trial.Client.LoseAnswerAsync(scenario.Node), Fact.FalseLogout, "the answer that is lost"));
        if (pause > TimeSpan.Zero)
        {
            await scenario.PassAsync(pause);
        }

        await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, "asked again with the same token"));
        await scenario.LiveOnAsync(trials, 3);
    };

    /// <summary>A tab that slept sends the token that another tab used 10 s before.</summary>
    public static async Task ParentAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(30, 8));
        var parents = trials.ToDictionary(static trial => trial, static trial => trial.Client.Held.Refresh);
        var others = new ConcurrentDictionary<Trial, TokenPair>();
        await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, "the first refresh"));
        await scenario.PassAsync(TimeSpan.FromSeconds(10));
        await Scenario.EachAsync(trials, async trial =>
        {
            var reply = await scenario.Http.RefreshAsync(scenario.Node, parents[trial]);
            trial.Evidence.Expect(reply, Fact.FalseLogout, "the token before, 10 s later");
            if (Branches.Other(trial, [reply]) is { } other)
            {
                others[trial] = other;
            }
        });
        await Branches.ProbeAsync(scenario, trials, others);
    }

    /// <summary>A token two generations back comes again: no honest client holds it any more.</summary>
    public static async Task GrandparentAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(30, 8));
        var old = trials.ToDictionary(static trial => trial, static trial => trial.Client.Copy());
        await scenario.LiveOnAsync(trials, 2);
        await scenario.PassAsync(TimeSpan.FromMinutes(5));
        int ended = 0;
        await Scenario.EachAsync(trials, async trial =>
        {
            var reply = await old[trial].TryRefreshAsync(scenario.Node);
            trial.Evidence.Saw(reply);
            if (reply.IsGood)
            {
                trial.Evidence.Note(Fact.RevivedToken, "a token two generations back gave a new pair");
            }
        });
        await scenario.PassAsync(scenario.Interval);
        await Scenario.EachAsync(trials, async trial =>
        {
            // The server may choose whether the theft also ends the session: the owner may have to log in again.
            if (!(await trial.Client.TryRefreshAsync(scenario.Node)).IsGood)
            {
                Interlocked.Increment(ref ended);
            }
        });
        scenario.Note = $"the replay ended {ended} of {trials.Count} sessions";
    }
}
