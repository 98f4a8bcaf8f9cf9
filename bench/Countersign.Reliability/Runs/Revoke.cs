using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Servers;

namespace Countersign.Reliability.Runs;

/// <summary>
/// A session is ended at one node, and its access token is shown to the other until that refuses it. The time is from the acknowledgement to the end of the
/// first answer that refuses. On PostgreSQL it runs once with the feed as it is, and once with the listening connections cut right before, especially the other
/// node's.
/// </summary>
internal sealed class Revoke(RunContext run)
{
    public const int DefaultCount = 5000;

    /// <summary>One cut for so many samples of the first kind: each cut costs the nodes a connection.</summary>
    private const int SamplesForEachCut = 10;

    private const double UsualP99 = 50;
    private const double UsualMost = 1000;
    private const double CutMost = 2000;

    /// <summary>Finds listening connections by their last statement.</summary>
    private const string Listening =
        "datname = current_database() AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query LIKE '%clock_timestamp%' OR query LIKE '%ORDER BY " +
        "revoked_at%' OR query LIKE '%ORDER BY seq%')";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The node that is asked: cutting the other node's connection would show nothing.</summary>
    private static readonly string Asked = Deployment.NameOf(1);

    private readonly ConcurrentBag<string> _faults = [];

    public static Task<RunResult> RunAsync(Settings settings) =>
        RunContext.RunAsync("revoke", settings, grace: null, static run => new Revoke(run).PlayAsync());

    private async Task PlayAsync()
    {
        var (settings, result) = (run.Settings, run.Result);
        bool hasNotification = settings.Store == StoreKind.PostgreSql;
        int cuts = hasNotification ? Math.Max(1, settings.Count / SamplesForEachCut) : 0;
        var pairs = await run.MakeSessionsAsync(settings.Count + cuts);
        List<double> usual = [], cut = [];

        // One at a time: several would wait for each other, and not for the feed.
        for (int number = 0; number < settings.Count; number++)
        {
            usual.AddRange(await SampleAsync(pairs[number]));
        }

        settings.Progress.WriteLine("samples with the feed as it is taken");
        int cutsMet = 0;
        for (int number = 0; number < cuts; number++)
        {
            var pair = pairs[settings.Count + number];
            cutsMet += await CutAsync() ? 1 : 0;
            cut.AddRange(await SampleAsync(pair));
        }

        result.Percentiles("acknowledged to refused", usual);
        result.Exactly("samples", usual.Count, settings.Count);
        result.AtMost("acknowledged to refused: p99, ms", Statistics.Percentile(usual, 99), UsualP99);
        result.AtMost("acknowledged to refused: max, ms", Statistics.Percentile(usual, 100), UsualMost);
        if (hasNotification)
        {
            result.Percentiles("the same, feed cut", cut);
            result.Exactly("samples with the feed cut", cut.Count, cuts);
            result.Exactly("cuts that ended the connection of the node that is asked", cutsMet, cuts);
            result.AtMost("the same, feed cut: max, ms", Statistics.Percentile(cut, 100), CutMost);
        }

        result.None("samples that went wrong", _faults);
        result.Exactly("revocations recorded", await run.Records.CountAsync("countersign_revocations"), pairs.Length);
    }

    private Task<double[]> SampleAsync(TokenPair pair) => run.MeasureRefusalAsync(
        run.Nodes[1],
        pair,
        async () => await run.Api.LogOutAsync(run.Nodes[0], pair.Access) is { Status: not 204 } reply ? $"logout: {reply}" : null,
        "session_revoked",
        _faults);

    /// <summary>Ends the listening connections, once that of the asked node is among them.</summary>
    /// <returns>Whether that of the asked node was ended.</returns>
    private async Task<bool> CutAsync()
    {
        long started = Stopwatch.GetTimestamp();
        while (await CountAsync($"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{Asked}' AND {Listening}") == 0)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        // Wait until they have ended: a notification to a connection that is about to end would still arrive.
        return await CountAsync(
            $"""
            SELECT count(*) FILTER (WHERE application_name = '{Asked}')
            FROM (SELECT application_name, pg_terminate_backend(pid, 5000) AS has_ended FROM pg_stat_activity WHERE {Listening}) AS cut WHERE has_ended
            """) > 0;

        async Task<long> CountAsync(string sql) => (long)(await run.Records.ScalarAsync(sql))!;
    }
}
