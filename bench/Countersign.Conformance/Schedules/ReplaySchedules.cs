using System.Collections.Concurrent;
using Countersign.Conformance.Verdicts;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Schedules;

/// <summary>Answers that get lost, and old tokens that come again.</summary>
internal static class ReplaySchedules
{
    /// <summary>A refresh is answered, the answer never arrives, and the client asks again with what it has.</summary>
    /// <param name="pause">How long until it asks again.</param>
    public static Func<Stage, Task> LostAnswer(TimeSpan pause) => async stage =>
    {
        var trials = await stage.LogInAsync(stage.Count(50, 10));

        // Of a session that is in use already, and of one at its first refresh.
        await stage.PassAsync(Rounds.Fresh);
        await Stage.EachAsync(trials.Where((_, index) => index % 2 == 0), trial => stage.GoOnAsync(trial, "before it"));
        await stage.PassAsync(stage.Interval);
        await Stage.EachAsync(trials, async trial => trial.Facts.Expect(await trial.Client.LoseAnswerAsync(stage.Node), Fact.FalseLogout, "the answer that is lost"));
        if (pause > TimeSpan.Zero)
        {
            await stage.PassAsync(pause);
        }

        await Stage.EachAsync(trials, trial => stage.GoOnAsync(trial, "asked again with the same token"));
        await stage.LiveOnAsync(trials, 3);
    };

    /// <summary>A tab that slept sends the token that another tab has used 10 s before.</summary>
    public static async Task ParentAsync(Stage stage)
    {
        var trials = await stage.LogInAsync(stage.Count(30, 8));
        var parents = trials.ToDictionary(static trial => trial, static trial => trial.Client.Held.Refresh);
        var others = new ConcurrentDictionary<Trial, Pair>();
        await Stage.EachAsync(trials, trial => stage.GoOnAsync(trial, "the first refresh"));
        await stage.PassAsync(TimeSpan.FromSeconds(10));
        await Stage.EachAsync(trials, async trial =>
        {
            var reply = await stage.Wire.RefreshAsync(stage.Node, parents[trial]);
            trial.Facts.Expect(reply, Fact.FalseLogout, "the token before, 10 s later");
            if (Branches.Other(trial, [reply]) is { } other)
            {
                others[trial] = other;
            }
        });
        await Branches.ProbeAsync(stage, trials, others);
    }

    /// <summary>A token two generations back comes again: nobody honest holds it any more.</summary>
    public static async Task GrandparentAsync(Stage stage)
    {
        var trials = await stage.LogInAsync(stage.Count(30, 8));
        var old = trials.ToDictionary(static trial => trial, static trial => trial.Client.Copy());
        await stage.LiveOnAsync(trials, 2);
        await stage.PassAsync(TimeSpan.FromMinutes(5));
        int ended = 0;
        await Stage.EachAsync(trials, async trial =>
        {
            var reply = await old[trial].TryRefreshAsync(stage.Node);
            trial.Facts.Saw(reply);
            if (reply.IsGood)
            {
                trial.Facts.Note(Fact.RevivedToken, "a token two generations back gave a new pair");
            }
        });
        await stage.PassAsync(stage.Interval);
        await Stage.EachAsync(trials, async trial =>
        {
            // Whether the theft ends the session as well is the server's choice: the owner may be asked to log in again.
            if (!(await trial.Client.TryRefreshAsync(stage.Node)).IsGood)
            {
                Interlocked.Increment(ref ended);
            }
        });
        stage.Note = $"the replay ended {ended} of {trials.Count} sessions";
    }
}
