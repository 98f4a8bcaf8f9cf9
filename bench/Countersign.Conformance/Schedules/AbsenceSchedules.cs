using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Schedules;

/// <summary>The holder of a session stays away for longer than a refresh token lives, while another client uses a copy of it.</summary>
internal static class AbsenceSchedules
{
    /// <summary>
    /// How often the used copy refreshes: more often than the shortest idle lifetime, 7 days (ours), requires. The peers' refresh tokens live for 14 days.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromDays(2);

    /// <summary>16 days: longer than the life of any of the refresh tokens.</summary>
    private const int LongAbsence = 8;

    /// <summary>Eight days.</summary>
    private const int Week = 4;

    /// <summary>A thief uses a copied token. The owner comes back when the owner's token has expired, and logs in again if it is refused.</summary>
    /// <param name="isKeyRotated">Whether the key of refresh tokens is replaced meanwhile.</param>
    public static Func<Scenario, Task> Owner(bool isKeyRotated) => async scenario =>
    {
        var trials = await scenario.LogInAsync(scenario.Count(20, 5));
        await scenario.LiveOnAsync(trials, 1);
        await scenario.PassAsync(scenario.Interval);
        var thieves = trials.ToDictionary(static trial => trial, static trial => trial.Client.Copy());
        for (int refresh = 1; refresh <= LongAbsence; refresh++)
        {
            await Scenario.EachAsync(trials, trial => thieves[trial].TryRefreshAsync(scenario.Node));
            if (isKeyRotated && refresh == 1)
            {
                await scenario.Deployment.RunCommandAsync(scenario.Deployment.Server.KeyRotation!);
            }

            await scenario.PassAsync(Pause);
        }

        if (trials.Select(trial => thieves[trial].Problem).FirstOrDefault(static refusal => refusal is not null) is { } early)
        {
            scenario.Missed = $"a thief was refused before the owner came back: {early}";
        }

        int owners = 0;
        await Scenario.EachAsync(trials, async trial =>
        {
            var reply = await trial.Client.TryRefreshAsync(scenario.Node);
            trial.Evidence.Saw(reply);
            _ = reply.IsGood ? 0 : Interlocked.Increment(ref owners);
        });
        await scenario.PassAsync(scenario.Interval);
        await Scenario.EachAsync(trials, async trial =>
        {
            if ((await thieves[trial].TryRefreshAsync(scenario.Node)).IsGood)
            {
                trial.Evidence.Note(Fact.ThiefUndetected, "the owner has come back, and the thief goes on");
            }
        });
        scenario.Note = $"the owner had to log in again in {owners} of {trials.Count}";
    };

    /// <summary>Two honest copies of one session do not share a store: one sleeps for a week, then sends a token that the other has replaced.</summary>
    public static async Task SleepingCopyAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(20, 5));
        await scenario.LiveOnAsync(trials, 1);
        await scenario.PassAsync(scenario.Interval);
        var sleepers = trials.ToDictionary(static trial => trial, static trial => trial.Client.Copy());
        for (int refresh = 1; refresh <= Week; refresh++)
        {
            await Scenario.EachAsync(trials, trial => scenario.GoOnAsync(trial, $"refresh {refresh} of the copy in use"));
            await scenario.PassAsync(Pause);
        }

        await Scenario.EachAsync(trials, async trial =>
        {
            var reply = await sleepers[trial].TryRefreshAsync(scenario.Node);
            trial.Evidence.Saw(reply);
            if (reply.IsGood)
            {
                trial.Evidence.Note(Fact.RevivedToken, "a token that was replaced a week ago gave a new pair");
            }
        });
        await scenario.PassAsync(scenario.Interval);
        int ended = 0;
        await Scenario.EachAsync(trials, async trial =>
        {
            // A server can't distinguish the sleeper from an owner whose session was stolen. To end both is its choice.
            _ = (await trial.Client.TryRefreshAsync(scenario.Node)).IsGood ? 0 : Interlocked.Increment(ref ended);
        });
        scenario.Note = $"the sleeper's token ended {ended} of {trials.Count} sessions";
    }
}
