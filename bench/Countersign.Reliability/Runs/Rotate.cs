using System.Collections.Concurrent;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Servers;

namespace Countersign.Reliability.Runs;

/// <summary>
/// The signing key is rotated again and again while clients refresh and show their tokens, new and older ones, to both nodes and to a service. The service
/// verifies them with our bearer scheme and with the platform's. Both schemes read the keys more often than keys are rotated, as in practice.
/// </summary>
internal sealed class Rotate(RunContext run)
{
    public const int DefaultCount = 200;
    private const int Clients = 8;

    /// <summary>Number of older tokens that a client still shows.</summary>
    private const int Kept = 20;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReadsEvery = TimeSpan.FromSeconds(1);

    /// <summary>The shortest time for which our scheme can keep keys is 10 s. Each next key has been published for longer when it begins to sign.</summary>
    private static readonly TimeSpan RotatesEvery = TimeSpan.FromSeconds(12);

    private readonly ConcurrentBag<string> _failures = [];
    private readonly ConcurrentDictionary<string, byte> _keys = new(StringComparer.Ordinal);
    private int _shown;
    private int _refreshed;

    public static Task<RunResult> RunAsync(Settings settings) =>
        RunContext.RunAsync("rotate", settings, Grace, static run => new Rotate(run).PlayAsync());

    private async Task PlayAsync()
    {
        var (settings, result) = (run.Settings, run.Result);
        await using var services = await ResourceServers.StartAsync(run.Nodes[0].Address, ReadsEvery);
        var pairs = await Logins.MakeAsync(run.Api, run.Nodes, Clients);
        using var stop = new CancellationTokenSource();
        Task[] loops = [.. pairs.Select((pair, number) => Task.Run(() => LoopAsync(services, pair, settings.Seed + number, stop.Token)))];
        for (int number = 0; number < settings.Count; number++)
        {
            if (number % 10 == 9)
            {
                settings.Progress.WriteLine($"{number + 1} rotations");
            }

            await Task.Delay(RotatesEvery);
            await ServerCommand.RunAsync(run.Deployment, "keys", "rotate", "--force");
        }

        await Task.Delay(RotatesEvery);
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        result.Fact("rotations", settings.Count);
        result.Fact("refreshes", _refreshed);
        result.Fact("access tokens shown", _shown);
        result.AtLeast("keys that signed", _keys.Count, settings.Count + 1);
        result.None("failed requests", _failures);
    }

    private async Task LoopAsync(ResourceServers services, TokenPair pair, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        List<string> tokens = [pair.Access];
        while (!stop.IsCancellationRequested)
        {
            var reply = await run.Api.RefreshAsync(run.AnyNode(random), pair.Refresh);
            Interlocked.Increment(ref _refreshed);
            if (reply.Pair is { } next)
            {
                pair = next;
                tokens.Add(next.Access);
                _keys.TryAdd(next.Access[..next.Access.IndexOf('.', StringComparison.Ordinal)], 0);
                if (tokens.Count > Kept)
                {
                    tokens.RemoveAt(random.Next(tokens.Count - 1));
                }
            }
            else
            {
                _failures.Add($"refresh: {reply}");
            }

            // The newest token at once, and an older one.
            await ShowAsync(services, tokens[^1], random.Next(run.Nodes.Count));
            await ShowAsync(services, tokens[random.Next(tokens.Count)], random.Next(run.Nodes.Count));
            await Task.Delay(TimeSpan.FromMilliseconds(20 + random.Next(60)), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShowAsync(ResourceServers services, string accessToken, int node)
    {
        foreach (string scheme in (string[])[ResourceServers.Ours, ResourceServers.Stock])
        {
            var (status, challenge) = await services.ShowAsync(scheme, accessToken);
            if (status != 200)
            {
                _failures.Add($"{scheme}: {status} {challenge}");
            }
        }

        var me = await run.Api.MeAsync(run.Nodes[node], accessToken);
        if (me.Status != 200)
        {
            _failures.Add($"node {node}: {me}");
        }

        Interlocked.Add(ref _shown, 3);
    }
}
