using Countersign.Conformance.Verdicts;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Schedules;

/// <summary>A session is ended while it is being refreshed. Once the end has been answered, nothing of it may work.</summary>
internal static class EndSchedules
{
    private const int MostLeadMilliseconds = 15;

    public static async Task LogOutAsync(Stage stage)
    {
        var trials = await stage.LogInAsync(stage.Count(300, 40));
        await Stage.EachAsync(trials, async trial =>
        {
            var held = trial.Client.Held;
            var (refreshed, ended) = await RaceAsync(stage, trial, () => stage.Wire.LogOutAsync(stage.Node, held));

            // A logout that comes after the refresh may find its token gone; the app logs out again with what it holds then.
            if (ended.Kind is ReplyKind.Refused && refreshed.Pair is { } fresh)
            {
                ended = await stage.Wire.LogOutAsync(stage.Node, fresh);
            }

            await ExpectEndAsync(stage, trial, ended, held, refreshed.Pair);
        }, parallel: 2);
    }

    public static async Task ChangePasswordAsync(Stage stage)
    {
        var trials = await stage.LogInAsync(stage.Count(150, 25), isAlone: true);
        await Stage.EachAsync(trials, async trial =>
        {
            var held = trial.Client.Held;
            var (refreshed, ended) = await RaceAsync(
                stage, trial, () => stage.Wire.ChangePasswordAsync(stage.Node, held.Access, trial.Client.Account, "Crimson-lantern-4-harbour"));
            await ExpectEndAsync(stage, trial, ended, held, refreshed.Pair);
        }, parallel: 2);
    }

    private static async Task<(Reply Refreshed, Reply Ended)> RaceAsync(Stage stage, Trial trial, Func<Task<Reply>> endAsync)
    {
        var held = trial.Client.Held;
        bool isRefreshFirst = trial.Random.Next(2) == 0;
        var (refreshLead, endLead) = isRefreshFirst ? (0, MostLeadMilliseconds) : (MostLeadMilliseconds, 0);
        var (refreshDelay, endDelay) = (trial.Delay(refreshLead), trial.Delay(endLead));
        var refresh = Task.Run(async () =>
        {
            await Task.Delay(refreshDelay);
            return await stage.Wire.RefreshAsync(stage.Node, held.Refresh);
        });
        var end = Task.Run(async () =>
        {
            await Task.Delay(endDelay);
            return await endAsync();
        });
        return (await refresh, await end);
    }

    private static async Task ExpectEndAsync(Stage stage, Trial trial, Reply ended, Pair held, Pair? fresh)
    {
        trial.Facts.Saw(ended);
        if (!ended.IsGood)
        {
            // Told that it did not happen, an app tries again; nothing has ended yet.
            trial.Facts.Note(Fact.RevivedToken, $"the end was answered {ended}");
            return;
        }

        foreach (var pair in (Pair?[])[held, fresh])
        {
            if (pair is null)
            {
                continue;
            }

            string which = ReferenceEquals(pair, held) ? "of before" : "that the racing refresh gave";
            if ((await stage.Wire.RefreshAsync(stage.Node, pair.Refresh)).IsGood)
            {
                trial.Facts.Note(Fact.RevivedToken, $"the refresh token {which} still gives a pair");
            }

            if ((await stage.Wire.MeAsync(stage.Node, pair.Access)).IsGood)
            {
                trial.Facts.Note(Fact.LingeringAccess, $"the access token {which} is still taken");
            }
        }
    }
}
