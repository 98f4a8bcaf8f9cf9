using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Stage;

namespace Countersign.Reliability.Runs;

/// <summary>
/// One refresh token, sent to two nodes four times each at once: every answer is the same successor, which then refreshes; the row moved by one. Once all have been raced, every
/// successor is presented again, and whichever has stood its time rotates.
/// </summary>
internal static class Race
{
    public const int DefaultCount = 10_000;
    private const int Nodes = 2;
    private const int PerNode = 4;

    /// <summary>Tokens that are raced at the same time: their requests meet in the same batches.</summary>
    private const int TokensAtOnce = 2;

    /// <summary>A generation stands for twice the grace of 30 s.</summary>
    private static readonly TimeSpan Stand = TimeSpan.FromSeconds(60);

    public static async Task<RunResult> RunAsync(Settings settings)
    {
        var result = new RunResult("race", settings.Store.ToString());
        await using var deployment = await Deployment.StartAsync(settings.Store, Nodes);
        using var api = new Api();
        var sessions = await Logins.MakeAsync(api, deployment.Nodes, settings.Count);
        settings.Progress.WriteLine($"{settings.Count} sessions made");

        ConcurrentBag<string> refused = [], unavailable = [], differing = [], stuck = [];
        var successors = new (string Token, long At)[settings.Count];
        await Logins.ForAsync(
            settings.Count,
            async number =>
            {
                var replies = await RaceAsync(api, deployment.Nodes, sessions[number].Refresh);
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
                var next = await api.RefreshAsync(deployment.Nodes[number % Nodes], different[0]);
                if (next.Pair?.Refresh != different[0])
                {
                    stuck.Add($"token {number}, its successor at once: {next}, generation {next.Pair?.Generation}");
                }

                if ((number + 1) % 1000 == 0)
                {
                    settings.Progress.WriteLine($"{number + 1} raced");
                }
            },
            TokensAtOnce);
        var rows = await deployment.Records.SessionsAsync();
        int rotated = await PresentAgainAsync(api, deployment.Nodes, successors, stuck);

        result.Fact("tokens", settings.Count);
        result.Fact("requests for each token at once, over two nodes", Nodes * PerNode);
        result.Fact("successors that had stood their time and rotated", rotated);
        result.None("false logouts (a racer was refused)", refused);
        result.None("racers without a decision (503, no answer)", unavailable);
        result.None("tokens with another number of successors than one", differing);
        result.None("successors that did not refresh", stuck);
        result.None("rows not at generation 2 with parent 1, live", [.. rows.Where(static row => row.Value is not { Generation: 2, Parent: 1, IsRevoked: false }).Select(static row => $"{row.Key}: {row.Value}")]);
        result.Exactly("rows in the database", rows.Count, settings.Count);
        await AddEndAsync(result, deployment);
        return result;
    }

    private static async Task<Reply[]> RaceAsync(Api api, IReadOnlyList<ServedProcess> nodes, string token)
    {
        var racers = new Task<Reply>[Nodes * PerNode];
        for (int racer = 0; racer < racers.Length; racer++)
        {
            var node = nodes[racer % Nodes];
            racers[racer] = Task.Run(() => api.RefreshAsync(node, token));
        }

        return await Task.WhenAll(racers);
    }

    private static async Task<int> PresentAgainAsync(Api api, IReadOnlyList<ServedProcess> nodes, (string Token, long At)[] successors, ConcurrentBag<string> stuck)
    {
        int rotated = 0;
        await Logins.ForAsync(successors.Length, async number =>
        {
            var (token, at) = successors[number];
            if (token is null)
            {
                return;
            }

            bool mustRotate = Stopwatch.GetElapsedTime(at) > Stand;
            var reply = await api.RefreshAsync(nodes[(number + 1) % Nodes], token);
            if (reply.Pair is null || (mustRotate && reply.Pair.Generation != 3))
            {
                stuck.Add($"token {number}, its successor later: {reply}, generation {reply.Pair?.Generation}");
            }
            else if (reply.Pair.Generation == 3)
            {
                Interlocked.Increment(ref rotated);
            }
        });
        return rotated;
    }

    private static async Task AddEndAsync(RunResult result, Deployment deployment)
    {
        result.Exactly("sessions revoked", await deployment.Records.CountAsync("countersign_sessions", "revoked_at IS NOT NULL"), 0);
        result.None("damage found by the database", await deployment.Records.FindDamageAsync() is { } damage ? [damage] : []);
    }
}
