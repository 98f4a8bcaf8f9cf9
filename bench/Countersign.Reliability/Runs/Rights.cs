using System.Diagnostics;
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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<string> _faults = [];

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

    /// <returns>The milliseconds from the acknowledgement to the first refusal; none if the sample went wrong.</returns>
    private async Task<double[]> SampleAsync(ThirdNode third, int account, TokenPair pair, bool isGiven)
    {
        var (api, there) = (run.Api, run.Nodes[1]);
        if (await api.IsAcceptedAsync(there, pair.Access) is not true)
        {
            _faults.Add($"{pair.SessionId} was not accepted before the change");
            return [];
        }

        await third.ChangeRoleAsync(Api.Email(account), Role, isGiven);
        long acknowledged = Stopwatch.GetTimestamp();
        while (await api.IsAcceptedAsync(there, pair.Access) is not false)
        {
            if (Stopwatch.GetElapsedTime(acknowledged) > Patience)
            {
                _faults.Add($"{pair.SessionId} was still accepted after {Patience.TotalSeconds:F0} s");
                return [];
            }

            await Task.Yield();
        }

        double milliseconds = Stopwatch.GetElapsedTime(acknowledged).TotalMilliseconds;
        var me = await api.MeAsync(there, pair.Access);
        if (me is not { Status: 401, Code: "token_stale" })
        {
            _faults.Add($"{pair.SessionId}, an authorised request after it: {me}");
        }

        return [milliseconds];
    }

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
