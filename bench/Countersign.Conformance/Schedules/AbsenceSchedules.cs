using Countersign.Conformance.Verdicts;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Schedules;

/// <summary>Whoever holds a session stays away for longer than a refresh token lives, while somebody else goes on with a copy of it.</summary>
internal static class AbsenceSchedules
{
    /// <summary>How often the copy that is in use refreshes: well within the shortest idle lifetime, 7 days (ours); the peers' refresh tokens live for 14.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromDays(2);

    /// <summary>16 days: longer than any of the refresh tokens lives.</summary>
    private const int LongAbsence = 8;

    /// <summary>Eight days.</summary>
    private const int Week = 4;

    /// <summary>A thief goes on with a copied token; its owner comes back when the own copy has expired, and logs in again where it is refused.</summary>
    /// <param name="isKeyRotated">Whether the key of refresh tokens is replaced meanwhile.</param>
    public static Func<Stage, Task> Owner(bool isKeyRotated) => async stage =>
    {
        var trials = await stage.LogInAsync(stage.Count(20, 5));
        await stage.LiveOnAsync(trials, 1);
        await stage.PassAsync(stage.Interval);
        var thieves = trials.ToDictionary(static trial => trial, static trial => trial.Client.Copy());
        for (int refresh = 1; refresh <= LongAbsence; refresh++)
        {
            await Stage.EachAsync(trials, trial => thieves[trial].TryRefreshAsync(stage.Node));
            if (isKeyRotated && refresh == 1)
            {
                await stage.Deployment.Nodes[0].RunAsync(stage.Deployment.Server.KeyRotation!);
            }

            await stage.PassAsync(Pause);
        }

        if (trials.Any(trial => thieves[trial].Refusal is not null))
        {
            stage.Missed = $"a thief was refused before the owner came back: {trials.Select(trial => thieves[trial].Refusal).First(static refusal => refusal is not null)}";
        }

        int owners = 0;
        await Stage.EachAsync(trials, async trial =>
        {
            var reply = await trial.Client.TryRefreshAsync(stage.Node);
            trial.Facts.Saw(reply);
            _ = reply.IsGood ? 0 : Interlocked.Increment(ref owners);
        });
        await stage.PassAsync(stage.Interval);
        await Stage.EachAsync(trials, async trial =>
        {
            if ((await thieves[trial].TryRefreshAsync(stage.Node)).IsGood)
            {
                trial.Facts.Note(Fact.ThiefUndetected, "the owner has come back, and the thief goes on");
            }
        });
        stage.Note = $"the owner had to log in again in {owners} of {trials.Count}";
    };

    /// <summary>Two copies of one session, both honest, that do not share a store: one sleeps for a week, then sends a token that the other has replaced.</summary>
    public static async Task SleepingCopyAsync(Stage stage)
    {
        var trials = await stage.LogInAsync(stage.Count(20, 5));
        await stage.LiveOnAsync(trials, 1);
        await stage.PassAsync(stage.Interval);
        var sleepers = trials.ToDictionary(static trial => trial, static trial => trial.Client.Copy());
        for (int refresh = 1; refresh <= Week; refresh++)
        {
            await Stage.EachAsync(trials, trial => stage.GoOnAsync(trial, $"refresh {refresh} of the copy in use"));
            await stage.PassAsync(Pause);
        }

        await Stage.EachAsync(trials, async trial =>
        {
            var reply = await sleepers[trial].TryRefreshAsync(stage.Node);
            trial.Facts.Saw(reply);
            if (reply.IsGood)
            {
                trial.Facts.Note(Fact.RevivedToken, "a token that was replaced a week ago gave a new pair");
            }
        });
        await stage.PassAsync(stage.Interval);
        int ended = 0;
        await Stage.EachAsync(trials, async trial =>
        {
            // A server can't tell the sleeper from an owner whose session was stolen: that it ends both is its choice.
            _ = (await trial.Client.TryRefreshAsync(stage.Node)).IsGood ? 0 : Interlocked.Increment(ref ended);
        });
        stage.Note = $"the sleeper's token ended {ended} of {trials.Count} sessions";
    }
}
