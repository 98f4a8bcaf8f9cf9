using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Servers;

namespace Countersign.Reliability.Runs;

/// <summary>What every run uses: nodes on one database, a client of their routes, and the result so far.</summary>
internal sealed class RunContext(Settings settings, Deployment deployment, Api api, RunResult result)
{
    private const int NodeCount = 2;

    /// <summary>How long a sample waits for a refusal.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public Settings Settings => settings;

    public Deployment Deployment => deployment;

    public IReadOnlyList<ServerNode> Nodes => deployment.Nodes;

    /// <summary>The nodes in turn.</summary>
    public ServerNode NodeOf(int number) => deployment.Nodes[number % NodeCount];

    public ServerNode AnyNode(Random random) => deployment.Nodes[random.Next(NodeCount)];

    public Records Records => deployment.Records;

    public Api Api => api;

    public RunResult Result => result;

    /// <summary>Starts the nodes, plays a run on them, and ends them.</summary>
    /// <param name="name">The run's name in the result.</param>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="grace">The grace of refresh tokens; null for the default.</param>
    /// <param name="playAsync">Plays it.</param>
    public static async Task<RunResult> RunAsync(string name, Settings settings, TimeSpan? grace, Func<RunContext, Task> playAsync)
    {
        Dictionary<string, string> more = new(StringComparer.Ordinal);
        if (grace is { } value)
        {
            more["Auth__Refresh__Grace"] = value.ToString();
        }

        await using var deployment = await Deployment.StartAsync(settings.Store, NodeCount, more);
        using var api = new Api();
        var run = new RunContext(settings, deployment, api, new RunResult(name, settings.Store.ToString()));
        await playAsync(run);
        return run.Result;
    }

    /// <summary>Makes the sessions of the run.</summary>
    public async Task<TokenPair[]> MakeSessionsAsync(int count)
    {
        var pairs = await Logins.MakeAsync(api, deployment.Nodes, count);
        settings.Progress.WriteLine($"{count} sessions made");
        return pairs;
    }

    /// <summary>Makes a client for each session. It refreshes in a loop when it is run.</summary>
    public RefreshingClient[] MakeClients(IEnumerable<TokenPair> pairs, TimeSpan shortestPause, TimeSpan longestPause) =>
        [.. pairs.Select((pair, number) => new RefreshingClient(api, deployment.Nodes, pair, settings.Seed + number, shortestPause, longestPause))];

    /// <summary>
    /// Makes a change, and shows an access token to a node until that refuses it. The time is from the acknowledgement of the change to the end of the first
    /// answer that refuses.
    /// </summary>
    /// <param name="there">The node.</param>
    /// <param name="pair">The session.</param>
    /// <param name="changeAsync">Makes the change. It returns what went wrong, or null.</param>
    /// <param name="code">The code of the refusal of an authorised request.</param>
    /// <param name="faults">Gets what went wrong.</param>
    /// <returns>The milliseconds; none if the sample went wrong.</returns>
    public async Task<double[]> MeasureRefusalAsync(
        ServerNode there, TokenPair pair, Func<Task<string?>> changeAsync, string code, ConcurrentBag<string> faults)
    {
        if (await api.IsAcceptedAsync(there, pair.Access) is not true)
        {
            faults.Add($"{pair.SessionId} was not accepted before the change");
            return [];
        }

        var fault = await changeAsync();
        long acknowledged = Stopwatch.GetTimestamp();
        if (fault is not null)
        {
            faults.Add($"{pair.SessionId}, {fault}");
            return [];
        }

        while (await api.IsAcceptedAsync(there, pair.Access) is not false)
        {
            if (Stopwatch.GetElapsedTime(acknowledged) > Patience)
            {
                faults.Add($"{pair.SessionId} was still accepted after {Patience.TotalSeconds:F0} s");
                return [];
            }

            await Task.Yield();
        }

        double milliseconds = Stopwatch.GetElapsedTime(acknowledged).TotalMilliseconds;
        var me = await api.MeAsync(there, pair.Access);
        if (me.Status != 401 || !string.Equals(me.Code, code, StringComparison.Ordinal))
        {
            faults.Add($"{pair.SessionId}, an authorised request after it: {me}");
        }

        return [milliseconds];
    }

    /// <summary>Adds the damage that the database finds in itself to the result.</summary>
    /// <param name="before">Damage that was found earlier in the run.</param>
    public async Task AddDamageAsync(params IEnumerable<string> before) =>
        result.None("damage found by the database", [.. before, .. await deployment.Records.FindDamageAsync() is { } damage ? (string[])[damage] : []]);
}
