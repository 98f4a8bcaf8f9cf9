using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Stage;

namespace Countersign.Reliability.Runs;

/// <summary>
/// A session is ended at one node, and its access token shown to the other until that refuses it: from the acknowledgement to the end of the first answer that refuses. On PostgreSQL once
/// with the feed as it is, and once with the connections that listen, the other node's above all, cut right before.
/// </summary>
internal static class Revoke
{
    public const int DefaultCount = 5000;
    private const int Nodes = 2;

    /// <summary>One cut for so many samples of the first kind: each costs the nodes a connection.</summary>
    private const int SamplesForEachCut = 10;

    private const double UsualP99 = 50;
    private const double UsualMost = 1000;
    private const double CutMost = 2000;

    /// <summary>Connections that listen, by what such a connection asked last.</summary>
    private const string Listening =
        "datname = current_database() AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query LIKE '%clock_timestamp%' OR query LIKE '%ORDER BY revoked_at%' OR query LIKE '%ORDER BY seq%')";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The node that is asked: ending the other one's connection would show nothing.</summary>
    private static readonly string Asked = Deployment.NameOf(1);

    public static async Task<RunResult> RunAsync(Settings settings)
    {
        bool hasNotification = settings.Store == StoreKind.PostgreSql;
        var result = new RunResult("revoke", settings.Store.ToString());
        await using var deployment = await Deployment.StartAsync(settings.Store, Nodes);
        using var api = new Api();
        int cuts = hasNotification ? Math.Max(1, settings.Count / SamplesForEachCut) : 0;
        var pairs = await Logins.MakeAsync(api, deployment.Nodes, settings.Count + cuts);
        settings.Progress.WriteLine($"{pairs.Length} sessions made");

        ConcurrentBag<string> faults = [];
        ConcurrentBag<double> usual = [], cut = [];

        // One at a time: many would wait for each other, and not for the feed.
        await Logins.ForAsync(settings.Count, async number => Add(usual, await SampleAsync(api, deployment, pairs[number], faults)), 1);
        settings.Progress.WriteLine("samples with the feed as it is taken");
        int cutsMet = 0;
        for (int number = 0; number < cuts; number++)
        {
            var pair = pairs[settings.Count + number];
            cutsMet += await CutAsync(deployment) ? 1 : 0;
            Add(cut, await SampleAsync(api, deployment, pair, faults));
        }

        Percentiles.AddTo(result, "acknowledged to refused", usual);
        result.Exactly("samples", usual.Count, settings.Count);
        result.AtMost("acknowledged to refused: p99, ms", Percentiles.Of(usual, 99), UsualP99);
        result.AtMost("acknowledged to refused: max, ms", Percentiles.Of(usual, 100), UsualMost);
        if (hasNotification)
        {
            Percentiles.AddTo(result, "the same, feed cut", cut);
            result.Exactly("samples with the feed cut", cut.Count, cuts);
            result.Exactly("cuts that ended the connection of the node that is asked", cutsMet, cuts);
            result.AtMost("the same, feed cut: max, ms", Percentiles.Of(cut, 100), CutMost);
        }

        result.None("samples that went wrong", faults);
        result.Exactly("revocations recorded", await deployment.Records.CountAsync("countersign_revocations"), pairs.Length);
        return result;
    }

    private static void Add(ConcurrentBag<double> samples, double? milliseconds)
    {
        if (milliseconds is { } value)
        {
            samples.Add(value);
        }
    }

    private static async Task<double?> SampleAsync(Api api, Deployment deployment, TokenPair pair, ConcurrentBag<string> faults)
    {
        var (here, there) = (deployment.Nodes[0], deployment.Nodes[1]);
        if (await api.IsAcceptedAsync(there, pair.Access) is not true)
        {
            faults.Add($"{pair.SessionId} was not accepted before it was ended");
            return null;
        }

        var reply = await api.LogOutAsync(here, pair.Access);
        long acknowledged = Stopwatch.GetTimestamp();
        if (reply.Status != 204)
        {
            faults.Add($"{pair.SessionId}, logout: {reply}");
            return null;
        }

        while (await api.IsAcceptedAsync(there, pair.Access) is not false)
        {
            if (Stopwatch.GetElapsedTime(acknowledged) > Patience)
            {
                faults.Add($"{pair.SessionId} was still accepted after {Patience.TotalSeconds:F0} s");
                return null;
            }

            await Task.Yield();
        }

        double milliseconds = Stopwatch.GetElapsedTime(acknowledged).TotalMilliseconds;
        var me = await api.MeAsync(there, pair.Access);
        if (me is not { Status: 401, Code: "session_revoked" })
        {
            faults.Add($"{pair.SessionId}, an authorised request after it: {me}");
        }

        return milliseconds;
    }

    /// <summary>Ends the connections that listen, once the one of the node that is asked is among them.</summary>
    /// <returns>Whether that one was ended.</returns>
    private static async Task<bool> CutAsync(Deployment deployment)
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

        // Waits until they are gone: what is sent to one that is about to end would still arrive.
        return await CountAsync(
            $"""
            SELECT count(*) FILTER (WHERE application_name = '{Asked}')
            FROM (SELECT application_name, pg_terminate_backend(pid, 5000) AS has_ended FROM pg_stat_activity WHERE {Listening}) AS cut WHERE has_ended
            """) > 0;

        async Task<long> CountAsync(string sql) => (long)(await deployment.Records.ScalarAsync(sql))!;
    }
}
