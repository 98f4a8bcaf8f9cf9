using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Servers;

namespace Countersign.Reliability.Runs;

/// <summary>
/// Nodes are killed with SIGKILL at random moments while clients refresh and others log out; every fourth time both nodes at once. After each kill the node is
/// started again. The tokens of ended sessions are shown to both nodes, and a token that its session replaced long ago is shown to the killed node. At the end
/// every client must be able to continue, and the database must have all acknowledged changes.
/// </summary>
internal sealed class Kill(RunContext run)
{
    public const int DefaultCount = 300;
    private const int Clients = 16;
    private const int LeaversPerRound = 2;
    private const int TriesToGoOn = 20;

    /// <summary>
    /// One in so many kills must meet a running request. Each kill waits for such a moment, so nearly all do: fewer would mean that the clients' load is
    /// missing.
    /// </summary>
    private const int KillsForEachMet = 2;

    /// <summary>
    /// A grace so short that rotations, repeated tokens and parent tokens mix at the clients' pace: with the usual grace a session would rotate once a minute.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    /// <summary>How soon a node must learn of another node's revocation.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    /// <summary>How long before a kill a user logs out at that node, at most. The kill waits for the answer.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a kill waits for a running request, at most: longer than a client pauses.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    private readonly Random _random = new(run.Settings.Seed);
    private readonly List<TokenPair> _loggedOut = [];
    private readonly ConcurrentBag<string> _revived = [];
    private readonly List<string> _damage = [];
    private readonly ConcurrentBag<string> _failed = [];
    private readonly List<double> _starts = [];
    private TokenPair[] _probes = [];
    private TokenPair[] _leavers = [];
    private RefreshingClient[] _clients = [];
    private int _kills;
    private int _met;

    public static Task<RunResult> RunAsync(Settings settings) =>
        RunContext.RunAsync("kill", settings, Grace, static run => new Kill(run).PlayAsync());

    private async Task PlayAsync()
    {
        int rounds = run.Settings.Count;
        var pairs = await run.MakeSessionsAsync(Clients + (rounds * (1 + LeaversPerRound)));
        _probes = pairs[Clients..(Clients + rounds)];
        _leavers = pairs[(Clients + rounds)..];
        var latest = await LeaveBehindAsync();
        _clients = run.MakeClients(pairs[..Clients], TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(40));
        using var stop = new CancellationTokenSource();
        Task[] loops = [.. _clients.Select(client => Task.Run(() => client.RunAsync(stop.Token)))];
        for (int round = 0; round < rounds; round++)
        {
            await RunRoundAsync(round, latest[round]);
            if ((round + 1) % 25 == 0)
            {
                run.Settings.Progress.WriteLine($"{round + 1} rounds");
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(loops);
        await JudgeAsync(pairs.Length);
    }

    /// <summary>Refreshes each probe's session until its first token is older than any token that the rule for lost answers accepts.</summary>
    private async Task<TokenPair[]> LeaveBehindAsync()
    {
        var latest = (TokenPair[])_probes.Clone();
        for (int times = 0; times < 3; times++)
        {
            await Task.Delay(Grace * 3);
            await Logins.ForAsync(latest.Length, async number =>
            {
                var reply = await run.Api.RefreshAsync(run.NodeOf(number), latest[number].Refresh);
                Api.Expect(200, reply, "refresh of a probe");
                latest[number] = reply.Pair!;
            });
        }

        return latest;
    }

    private async Task RunRoundAsync(int round, TokenPair current)
    {
        var leavers = await FreshenAsync(round);
        ServerNode[] victims = round % 4 == 3 ? [.. run.Nodes] : [run.AnyNode(_random)];
        var delay = TimeSpan.FromMilliseconds(50 + (_random.NextDouble() * 250));

        // One has the answer when its node is killed; the other may or may not have it, at any node.
        var early = LeaveAsync(leavers[0], victims[0], delay - (Early * _random.NextDouble()));
        var late = LeaveAsync(leavers[1], run.AnyNode(_random), delay + TimeSpan.FromMilliseconds((_random.NextDouble() * 20) - 15));
        await Task.WhenAll(Task.Delay(delay), early);
        await UntilUnderWayAsync(victims);
        int brokenOff = BrokenOff;
        await Task.WhenAll(victims.Select(static victim => victim.KillAsync()));
        _kills += victims.Length;
        TokenPair[] ended = [.. (await Task.WhenAll(early, late)).OfType<TokenPair>()];
        long answered = Stopwatch.GetTimestamp();
        if (victims.Length == run.Nodes.Count && run.Settings.Store == StoreKind.Sqlite && await run.Records.FindDamageAsync() is { } damage)
        {
            _damage.Add($"round {round}: {damage}");
        }

        foreach (var victim in victims)
        {
            _starts.Add((await victim.StartAsync()).TotalMilliseconds);
        }

        _met += BrokenOff > brokenOff ? 1 : 0;

        // A node is not ready before it has read the revocations. The other node has the limit.
        await ExpectEndedAsync(ended, victims);
        await PresentOldAsync(round, victims[0], current);
        var rest = Bound - Stopwatch.GetElapsedTime(answered);
        await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        await ExpectEndedAsync(ended, run.Nodes);
        _loggedOut.AddRange(ended);
    }

    private int BrokenOff => _clients.Sum(static client => client.BrokenOff);

    /// <summary>Waits for a running request: a kill between two requests would show nothing.</summary>
    private async Task UntilUnderWayAsync(ServerNode[] victims)
    {
        long started = Stopwatch.GetTimestamp();
        while (!_clients.Any(client => victims.Any(client.WaitsFor)) && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Yield();
        }
    }

    /// <summary>A session that logs out in a late round got its first access token longer ago than it lives.</summary>
    private Task<TokenPair[]> FreshenAsync(int round) => Task.WhenAll(_leavers.Skip(round * LeaversPerRound).Take(LeaversPerRound).Select(async leaver =>
    {
        var reply = await run.Api.RefreshAsync(run.NodeOf(round), leaver.Refresh);
        Api.Expect(200, reply, "refresh before a logout");
        return reply.Pair!;
    }));

    /// <returns>The ended pair, if the logout was acknowledged; otherwise null.</returns>
    private async Task<TokenPair?> LeaveAsync(TokenPair leaver, ServerNode node, TimeSpan delay)
    {
        await Task.Delay(delay);
        var reply = await run.Api.LogOutAsync(node, leaver.Access);
        if (reply.Status != 204 && !reply.IsUnanswered && !reply.IsUnavailable)
        {
            _failed.Add($"logout: {reply}");
        }

        return reply.Status == 204 ? leaver : null;
    }

    /// <summary>A token that is too old for the rule of lost answers shows a theft, also after kills. The session that it ends must stay ended.</summary>
    private async Task PresentOldAsync(int round, ServerNode node, TokenPair current)
    {
        var old = await run.Api.RefreshAsync(node, _probes[round].Refresh);
        if (old is not { Status: 400, Code: "refresh_token_reused" })
        {
            _revived.Add($"round {round}, the first token: {old}");
        }

        var after = await run.Api.RefreshAsync(node, current.Refresh);
        if (after is not { Status: 400, Code: "session_revoked" })
        {
            _revived.Add($"round {round}, the current token after it: {after}");
        }
    }

    private async Task JudgeAsync(int sessions)
    {
        foreach (var client in _clients)
        {
            if (!await client.GoesOnAsync(TriesToGoOn))
            {
                _failed.Add($"client of session {client.SessionId} does not go on: {client.Violation ?? "no decision"}");
            }
        }

        // No later kill may have revived a session. The access tokens may have expired by now; each was checked while it lived.
        await Logins.ForAsync(_loggedOut.Count, async number => await ExpectNoRefreshAsync(_loggedOut[number], run.Nodes, "at the end"));
        var rows = await run.Records.SessionsAsync();
        var events = await run.Records.EventsAsync();
        run.Result.Fact("processes killed", _kills);
        run.Result.Fact("pairs handed out to the clients", _clients.Sum(static client => client.Answered));
        run.Result.Fact("requests without an answer", _clients.Sum(static client => client.Lost));
        run.Result.Fact("requests that a kill broke off", BrokenOff);
        run.Result.Fact("requests answered 503", _clients.Sum(static client => client.Unavailable.Count));
        run.Result.Fact("commits whose answer was lost (the old token came again)", events.GetValueOrDefault("refresh_answer_lost"));
        run.Result.Percentiles("start after a kill", _starts);

        run.Result.AtLeast("rounds whose kill broke off a request", _met, Math.Max(1, run.Settings.Count / KillsForEachMet));
        run.Result.AtLeast("logouts acknowledged under load, one a round at the least", _loggedOut.Count, run.Settings.Count);
        run.Result.None("clients lost", [.. _clients.Select(static client => client.Violation).OfType<string>().Concat(_failed)]);
        run.Result.None("tokens revived", [.. _revived]);
        run.Result.None(
            "acknowledged rotations that the database lacks",
            [
                .. _clients
                    .Where(client => !rows.TryGetValue(client.SessionId, out var row) || row.Generation < client.Held.Generation || row.IsRevoked)
                    .Select(static client => $"{client.SessionId}: {client.Held.Generation}"),
            ]);
        run.Result.Exactly("sessions ended for reuse (the probes alone)", events.GetValueOrDefault("refresh_token_reused"), run.Settings.Count);
        run.Result.Exactly("rows in the database (one a session)", rows.Count, sessions);
        await run.AddDamageAsync(_damage);
    }

    /// <summary>Sessions whose logout was acknowledged: both tokens must be refused, and for this reason. An expired access token would show nothing.</summary>
    private async Task ExpectEndedAsync(IReadOnlyList<TokenPair> ended, IReadOnlyList<ServerNode> nodes)
    {
        foreach (var pair in ended)
        {
            foreach (var node in nodes)
            {
                var me = await DecidedAsync(() => run.Api.MeAsync(node, pair.Access));
                if (me is not { Status: 401, Code: "session_revoked" })
                {
                    _revived.Add($"logged out {pair.SessionId}, access token at {node.Address}: {me}");
                }
            }

            await ExpectNoRefreshAsync(pair, nodes, "after the kill");
        }
    }

    private async Task ExpectNoRefreshAsync(TokenPair pair, IReadOnlyList<ServerNode> nodes, string when)
    {
        foreach (var node in nodes)
        {
            var refresh = await DecidedAsync(() => run.Api.RefreshAsync(node, pair.Refresh));
            if (refresh is not { Status: 400, Code: "session_revoked" })
            {
                _revived.Add($"logged out {pair.SessionId}, refresh token {when} at {node.Address}: {refresh}");
            }
        }
    }

    /// <summary>Asks again if nothing was decided, like a client.</summary>
    private static async Task<Reply> DecidedAsync(Func<Task<Reply>> askAsync)
    {
        for (int attempt = 1; ; attempt++)
        {
            var reply = await askAsync();
            if ((!reply.IsUnanswered && !reply.IsUnavailable) || attempt == TriesToGoOn)
            {
                return reply;
            }

            await Task.Delay(BetweenTries);
        }
    }
}
