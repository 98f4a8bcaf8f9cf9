using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Schedules;

/// <summary>Checks whether one session continues under two refresh tokens.</summary>
internal static class Branches
{
    /// <summary>First the client continues alone; then the other tokens of its session are tried, and both continue for two more rounds.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="trials">The trials, which all continue.</param>
    /// <param name="others">A pair that the server gave for the same session and the client does not hold, for the trials that have one.</param>
    public static async Task ProbeAsync(Scenario scenario, IReadOnlyList<Trial> trials, IReadOnlyDictionary<Trial, TokenPair> others)
    {
        await scenario.LiveOnAsync(trials, 1);
        var siblings = others.ToDictionary(static pair => pair.Key, pair => new Client(scenario.Http, pair.Key.Client.Account, pair.Value));
        if (siblings.Count == 0)
        {
            return;
        }

        for (int round = 1; round <= 2; round++)
        {
            await Scenario.EachAsync(siblings.Keys, async trial =>
            {
                await siblings[trial].TryRefreshAsync(scenario.Node);
                await trial.Client.TryRefreshAsync(scenario.Node);
            });
            await scenario.PassAsync(scenario.Interval);
        }

        await Scenario.EachAsync(siblings.Keys, async trial =>
        {
            var sibling = await siblings[trial].TryRefreshAsync(scenario.Node);
            var own = await trial.Client.TryRefreshAsync(scenario.Node);
            if (sibling.IsGood && own.IsGood && siblings[trial].Problem is null && trial.Client.Problem is null
                && !string.Equals(siblings[trial].Held.Refresh, trial.Client.Held.Refresh, StringComparison.Ordinal))
            {
                trial.Evidence.Note(Fact.TwoLiveBranches, "both tokens of one race were refreshed three times more");
            }
        });
    }

    /// <summary>Finds an answer that differs from the one that the client kept; null if all are the same.</summary>
    public static TokenPair? Other(Trial trial, IEnumerable<Reply> replies) =>
        replies.Select(static reply => reply.Pair)
            .FirstOrDefault(pair => pair is not null && !string.Equals(pair.Refresh, trial.Client.Held.Refresh, StringComparison.Ordinal));
}
