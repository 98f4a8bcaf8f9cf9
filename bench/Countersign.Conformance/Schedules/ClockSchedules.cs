using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Schedules;

/// <summary>A node's own clock is set while it runs.</summary>
internal static class ClockSchedules
{
    private static readonly TimeSpan[] Jumps = [TimeSpan.FromHours(2), TimeSpan.Zero, TimeSpan.FromHours(-2), TimeSpan.Zero];

    public static async Task JumpAsync(Scenario scenario)
    {
        var trials = await scenario.LogInAsync(scenario.Count(20, 6));
        await scenario.LiveOnAsync(trials, 1);
        foreach (var jump in Jumps)
        {
            await scenario.Deployment.Clocks.JumpAsync(scenario.Deployment.Nodes[0].Name, jump);
            string when = $"with the clock {(jump == TimeSpan.Zero ? "right again" : jump > TimeSpan.Zero ? "2 h ahead" : "2 h behind")}";
            await Scenario.EachAsync(trials, trial => WorkAsync(scenario, trial, when));
        }

        await scenario.LiveOnAsync(trials, 2);
    }

    /// <summary>Sends an authorised request, and refreshes when it is refused, like an app.</summary>
    private static async Task WorkAsync(Scenario scenario, Trial trial, string when)
    {
        var reply = await scenario.Http.MeAsync(scenario.Node, trial.Client.Held.Access);
        trial.Evidence.Saw(reply);
        if (reply.Kind is ReplyKind.Refused)
        {
            await scenario.GoOnAsync(trial, when);
            var called = await scenario.Http.MeAsync(scenario.Node, trial.Client.Held.Access);
            trial.Evidence.Expect(called, Fact.FalseLogout, $"{when}, a call with the fresh access token");
        }
    }
}
