using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Schedules;

/// <summary>A session is ended while it is being refreshed. Once the end has been answered, its tokens must not work.</summary>
internal static class EndSchedules
{
    private const int MostLeadMilliseconds = 15;

    public static async Task LogOutAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(300, 40));
        await Scenario.EachAsync(trials, async trial =>
        {
            var held = trial.Client.Held;
            var (refreshed, ended) = await RaceAsync(scenario, trial, () => scenario.Http.LogOutAsync(scenario.Node, held));

            // If a logout comes after the refresh, its token may have been replaced. The app then logs out again with the token that it holds.
            if (ended.Kind is ReplyKind.Refused && refreshed.Pair is { } fresh)
            {
                ended = await scenario.Http.LogOutAsync(scenario.Node, fresh);
            }

            await ExpectEndAsync(scenario, trial, ended, held, refreshed.Pair);
        }, parallel: 2);
    }

    public static async Task ChangePasswordAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(150, 25), isAlone: true);
        await Scenario.EachAsync(trials, async trial =>
        {
            var held = trial.Client.Held;
            var (refreshed, ended) = await RaceAsync(
                scenario, trial, () => scenario.Http.ChangePasswordAsync(scenario.Node, held.Access, trial.Client.Account, "Crimson-lantern-4-harbour"));
            await ExpectEndAsync(scenario, trial, ended, held, refreshed.Pair);
        }, parallel: 2);
    }

    private static async Task<(Reply Refreshed, Reply Ended)> RaceAsync(Scenario scenario, Trial trial, Func<Task<Reply>> endAsync)
    {
        var held = trial.Client.Held;
        bool isRefreshFirst = trial.Random.Next(2) == 0;
        var (refreshLead, endLead) = isRefreshFirst ? (0, MostLeadMilliseconds) : (MostLeadMilliseconds, 0);
        var (refreshDelay, endDelay) = (trial.Delay(refreshLead), trial.Delay(endLead));
        var refresh = Task.Run(async () =>
        {
            await Task.Delay(refreshDelay);
            return await scenario.Http.RefreshAsync(scenario.Node, held.Refresh);
        });
        var end = Task.Run(async () =>
        {
            await Task.Delay(endDelay);
            return await endAsync();
        });
        return (await refresh, await end);
    }

    private static async Task ExpectEndAsync(Scenario scenario, Trial trial, Reply ended, TokenPair held, TokenPair? fresh)
    {
        trial.Evidence.Saw(ended);
        if (!ended.IsGood)
        {
            // If an app is told that the end did not happen, it tries again; nothing has ended yet.
            trial.Evidence.Note(Fact.RevivedToken, $"the end was answered {ended}");
            return;
        }

        foreach (var pair in (TokenPair?[])[held, fresh])
        {
            if (pair is null)
            {
                continue;
            }

            string which = ReferenceEquals(pair, held) ? "of before" : "that the racing refresh gave";
            if ((await scenario.Http.RefreshAsync(scenario.Node, pair.Refresh)).IsGood)
            {
                trial.Evidence.Note(Fact.RevivedToken, $"the refresh token {which} still gives a pair");
            }

            if ((await scenario.Http.MeAsync(scenario.Node, pair.Access)).IsGood)
            {
                trial.Evidence.Note(Fact.LingeringAccess, $"the access token {which} is still taken");
            }
        }
    }
}
