using System.Collections.Concurrent;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Servers;

namespace Countersign.Reliability.Runs;

/// <summary>
/// A role is given or taken away at a third node, and the account's access token is shown to another node until that refuses it. The time is from the moment
/// at which the change is acknowledged to the end of the first answer that refuses. Then the session refreshes at that node, and must have the new roles.
/// </summary>
internal sealed class Rights(RunContext run)
{
    public const int DefaultCount = 5000;

    private const int Accounts = 20;
    private const string Role = "clerk";
    private const double P99 = 50;
    private const double Most = 1000;

    private readonly ConcurrentBag<string> _faults = [];

    public static Task<RunResult> RunAsync(Settings settings) =>
        RunContext.RunAsync("rights", settings, grace: null, static run => new Rights(run).PlayAsync());

    private async Task PlayAsync()
    {
        var (settings, result) = (run.Settings, run.Result);
        await using var third = await ThirdNode.StartAsync(run.Deployment);
        await third.CreateRoleAsync(Role);
        var pairs = new TokenPair[Accounts];
        await Logins.ForAsync(Accounts, async account =>
        {
            await run.Api.RegisterAsync(run.Nodes[0], account);
            pairs[account] = await run.Api.LogInAsync(run.Nodes[0], account);
        });
        List<double> times = [];
        for (int number = 0; number < settings.Count; number++)
        {
            int account = number % Accounts;
            var hasRole = number / Accounts % 2 == 0;
            times.AddRange(await SampleAsync(third, account, pairs[account], hasRole));
            if (await RefreshAsync(pairs[account], hasRole) is { } next)
            {
                pairs[account] = next;
            }
        }

        result.Percentiles("acknowledged to refused", times);
        result.Exactly("samples", times.Count, settings.Count);
        result.AtMost("acknowledged to refused: p99, ms", Statistics.Percentile(times, 99), P99);
        result.AtMost("acknowledged to refused: max, ms", Statistics.Percentile(times, 100), Most);
        result.None("samples that went wrong", _faults);
        result.Exactly("sessions that live", await run.Records.CountAsync("countersign_sessions", "revoked_at IS NULL"), Accounts);
        result.Exactly("changes recorded", await run.Records.CountAsync("countersign_revocations", "reason IS NULL"), settings.Count);
    }

    private Task<double[]> SampleAsync(ThirdNode third, int account, TokenPair pair, bool isGiven) => run.MeasureRefusalAsync(
        run.Nodes[1],
        pair,
        async () =>
        {
            await third.ChangeRoleAsync(Api.Email(account), Role, isGiven);
            return null;
        },
        "token_stale",
        _faults);

    /// <summary>Refreshes at the other node, and looks at the roles.</summary>
    private async Task<TokenPair?> RefreshAsync(TokenPair pair, bool hasRole)
    {
        var refreshed = await run.Api.RefreshAsync(run.Nodes[1], pair.Refresh);
        if (refreshed.Pair is not { } next)
        {
            _faults.Add($"{pair.SessionId}, refresh: {refreshed}");
            return null;
        }

        var me = await run.Api.MeAsync(run.Nodes[1], next.Access);
        if (!me.IsGood || me.Body.GetProperty("roles").GetArrayLength() != (hasRole ? 1 : 0))
        {
            _faults.Add($"{pair.SessionId}, the roles after the refresh: {me}");
        }

        return next;
    }
}
