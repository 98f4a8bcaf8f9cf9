using Countersign.Conformance.Verdicts;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Schedules;

/// <summary>A node's own clock is set while it runs.</summary>
internal static class ClockSchedules
{
    private static readonly TimeSpan[] Jumps = [TimeSpan.FromHours(2), TimeSpan.Zero, TimeSpan.FromHours(-2), TimeSpan.Zero];

    public static async Task JumpAsync(Stage stage)
    {
        var trials = await stage.LogInAsync(stage.Count(20, 6));
        await stage.LiveOnAsync(trials, 1);
        foreach (var jump in Jumps)
        {
            await stage.Deployment.Clocks.JumpAsync(stage.Deployment.Nodes[0].Name, jump);
            string when = $"with the clock {(jump == TimeSpan.Zero ? "right again" : jump > TimeSpan.Zero ? "2 h ahead" : "2 h behind")}";
            await Stage.EachAsync(trials, trial => WorkAsync(stage, trial, when));
        }

        await stage.LiveOnAsync(trials, 2);
    }

    /// <summary>Calls, and refreshes when it is refused, as an app does.</summary>
    private static async Task WorkAsync(Stage stage, Trial trial, string when)
    {
        var reply = await stage.Wire.MeAsync(stage.Node, trial.Client.Held.Access);
        trial.Facts.Saw(reply);
        if (reply.Kind is ReplyKind.Refused)
        {
            await stage.GoOnAsync(trial, when);
            trial.Facts.Expect(await stage.Wire.MeAsync(stage.Node, trial.Client.Held.Access), Fact.FalseLogout, $"{when}, a call with the fresh access token");
        }
    }
}
