using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Stage;

namespace Countersign.Reliability.Runs;

/// <summary>
/// A session is ended at one node, and its access token shown to the other until that refuses it: from the acknowledgement to the end of the first answer that refuses. On PostgreSQL once
/// with the feed as it is, and once with the connections that listen cut right before.
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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

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

        // A node that only polls hears of it after half a second or so: many samples share that time. Where it is told, one at a time.
        await Logins.ForAsync(settings.Count, async number => Add(usual, await SampleAsync(api, deployment, pairs[number], faults)), hasNotification ? 1 : 64);
        settings.Progress.WriteLine("samples with the feed as it is taken");
        long connectionsCut = 0;
        for (int number = 0; number < cuts; number++)
        {
            var pair = pairs[settings.Count + number];
            connectionsCut += await CutAsync(deployment);
            Add(cut, await SampleAsync(api, deployment, pair, faults));

            // The next cut has to meet connections that listen.
            await Task.Delay(TimeSpan.FromMilliseconds(300));
        }

        result.Fact("samples", usual.Count);
        Percentiles.AddTo(result, "acknowledged to refused", usual);
        if (hasNotification)
        {
            result.AtMost("acknowledged to refused: p99, ms", Percentiles.Of(usual, 99), UsualP99);
            result.AtMost("acknowledged to refused: max, ms", Percentiles.Of(usual, 100), UsualMost);
            result.Fact("samples with the feed cut", cut.Count);
            result.AtLeast("connections cut for them", connectionsCut, cuts);
            Percentiles.AddTo(result, "the same, feed cut", cut);
            result.AtMost("the same, feed cut: max, ms", Percentiles.Of(cut, 100), CutMost);
        }
        else
        {
            result.AtMost("acknowledged to refused, by polling: max, ms", Percentiles.Of(usual, 100), CutMost);
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
        if (me.Status != 401)
        {
            faults.Add($"{pair.SessionId}, an authorised request after it: {me}");
        }

        return milliseconds;
    }

    /// <summary>Ends the connections that listen, by what such a connection asked last.</summary>
    /// <returns>How many there were.</returns>
    private static async Task<long> CutAsync(Deployment deployment) => (long)(await deployment.Records.ScalarAsync(
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query LIKE '%clock_timestamp%' OR query LIKE '%ORDER BY revoked_at%' OR query LIKE '%ORDER BY seq%')
        """))!;
}
