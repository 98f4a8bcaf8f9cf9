using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;

namespace Countersign.Reliability.Runs;

/// <summary>
/// One refresh token is sent to two nodes, four times each, at once. Every answer must be the same successor, which then refreshes, and the row must move by
/// one. When all tokens have been raced, every successor is shown again, and each that is older than the minimum rotation interval rotates.
/// </summary>
internal sealed class Race(RunContext run)
{
    public const int DefaultCount = 10_000;
    private const int PerNode = 4;

    /// <summary>Tokens that are raced at the same time: their requests meet in the same batches.</summary>
    private const int TokensAtOnce = 2;

    /// <summary>The minimum rotation interval is twice the grace of 30 s.</summary>
    private static readonly TimeSpan MinimumRotationInterval = TimeSpan.FromSeconds(60);

    private readonly ConcurrentBag<string> _stuck = [];

    public static Task<RunResult> RunAsync(Settings settings) =>
        RunContext.RunAsync("race", settings, grace: null, static run => new Race(run).PlayAsync());

    private async Task PlayAsync()
    {
        var (settings, result) = (run.Settings, run.Result);
        var sessions = await run.MakeSessionsAsync(settings.Count);
        ConcurrentBag<string> refused = [], unavailable = [], differing = [];
        var successors = new (string Token, long At)[settings.Count];
        await Logins.ForAsync(
            settings.Count,
            async number =>
            {
                var replies = await RaceAsync(sessions[number].Refresh);
                foreach (var reply in replies.Where(static reply => reply.Pair is null))
                {
                    (reply.IsUnavailable ? unavailable : refused).Add($"token {number}: {reply}");
                }

                string[] different = [.. replies.Select(static reply => reply.Pair?.Refresh).OfType<string>().Distinct(StringComparer.Ordinal)];
                if (different.Length != 1)
                {
                    differing.Add($"token {number}: {different.Length} successors");
                    return;
                }

                successors[number] = (different[0], Stopwatch.GetTimestamp());
                var next = await run.Api.RefreshAsync(run.NodeOf(number), different[0]);
                if (next.Pair?.Refresh != different[0])
                {
                    _stuck.Add($"token {number}, its successor at once: {next}, generation {next.Pair?.Generation}");
                }

                if ((number + 1) % 1000 == 0)
                {
                    settings.Progress.WriteLine($"{number + 1} raced");
                }
            },
            TokensAtOnce);
        var rows = await run.Records.SessionsAsync();
        int rotated = await PresentAgainAsync(successors);

        result.Fact("tokens", settings.Count);
        result.Fact("requests for each token at once, over two nodes", run.Nodes.Count * PerNode);
        result.Fact("successors that had stood their time and rotated", rotated);
        result.None("false logouts (a racer was refused)", refused);
        result.None("racers without a decision (503, no answer)", unavailable);
        result.None("tokens with another number of successors than one", differing);
        result.None("successors that did not refresh", _stuck);
        result.None(
            "rows not at generation 2 with parent 1, live",
            [.. rows.Where(static row => row.Value is not { Generation: 2, Parent: 1, IsRevoked: false }).Select(static row => $"{row.Key}: {row.Value}")]);
        result.Exactly("rows in the database", rows.Count, settings.Count);
        result.Exactly("sessions revoked", await run.Records.CountAsync("countersign_sessions", "revoked_at IS NOT NULL"), 0);
        await run.AddDamageAsync();
    }

    private async Task<Reply[]> RaceAsync(string token)
    {
        var racers = new Task<Reply>[run.Nodes.Count * PerNode];
        for (int racer = 0; racer < racers.Length; racer++)
        {
            var node = run.NodeOf(racer);
            racers[racer] = Task.Run(() => run.Api.RefreshAsync(node, token));
        }

        return await Task.WhenAll(racers);
    }

    private async Task<int> PresentAgainAsync((string Token, long At)[] successors)
    {
        int rotated = 0;
        await Logins.ForAsync(successors.Length, async number =>
        {
            var (token, at) = successors[number];
            if (token is null)
            {
                return;
            }

            bool mustRotate = Stopwatch.GetElapsedTime(at) > MinimumRotationInterval;
            var reply = await run.Api.RefreshAsync(run.NodeOf(number + 1), token);
            if (reply.Pair is null || (mustRotate && reply.Pair.Generation != 3))
            {
                _stuck.Add($"token {number}, its successor later: {reply}, generation {reply.Pair?.Generation}");
            }
            else if (reply.Pair.Generation == 3)
            {
                Interlocked.Increment(ref rotated);
            }
        });
        return rotated;
    }
}
