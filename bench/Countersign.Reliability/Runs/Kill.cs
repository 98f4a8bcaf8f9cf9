using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Stage;

namespace Countersign.Reliability.Runs;

/// <summary>
/// Nodes killed with SIGKILL at random moments while clients refresh and others log out; every fourth time both nodes at once. After each kill the node is started again, what logged out is
/// shown to both nodes, and a token that its session had left behind long before to the one that was killed; at the end every client has to go on, and the database has to hold what was acknowledged.
/// </summary>
internal sealed class Kill
{
    public const int DefaultCount = 300;
    private const int Nodes = 2;
    private const int Clients = 16;
    private const int LeaversPerRound = 2;
    private const int TriesToGoOn = 20;

    /// <summary>One in so many kills has to meet a request under way. Each waits for such a moment, so nearly all do: fewer would mean that the clients' load had gone.</summary>
    private const int KillsForEachMet = 2;

    /// <summary>A grace so short that rotations, standing tokens and parents that come back mix at the clients' pace: with the usual one a session would rotate once a minute.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    /// <summary>What a node has to hear of another's revocation by.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    /// <summary>How long before a kill somebody leaves at that node, at most; the kill waits for the answer.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a kill waits for a request to be under way, at most: longer than a client pauses.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    private readonly Settings _settings;
    private readonly Deployment _deployment;
    private readonly Api _api;
    private readonly Random _random;
    private readonly RunResult _result;
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

    private Kill(Settings settings, Deployment deployment, Api api)
    {
        _settings = settings;
        _deployment = deployment;
        _api = api;
        _random = new Random(settings.Seed);
        _result = new RunResult("kill", settings.Store.ToString());
    }

    public static async Task<RunResult> RunAsync(Settings settings)
    {
        await using var deployment = await Deployment.StartAsync(
            settings.Store, Nodes, new Dictionary<string, string>(StringComparer.Ordinal) { ["Auth__Refresh__Grace"] = Grace.ToString() });
        using var api = new Api();
        return await new Kill(settings, deployment, api).RunAsync();
    }

    private async Task<RunResult> RunAsync()
    {
        int rounds = _settings.Count;
        var pairs = await Logins.MakeAsync(_api, _deployment.Nodes, Clients + (rounds * (1 + LeaversPerRound)));
        _probes = pairs[Clients..(Clients + rounds)];
        _leavers = pairs[(Clients + rounds)..];
        var latest = await LeaveBehindAsync();
        _settings.Progress.WriteLine($"{pairs.Length} sessions made");

        _clients =
        [
            .. pairs[..Clients].Select((pair, number) => new RefreshingClient(
                _api, _deployment.Nodes, pair, _settings.Seed + number, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(40))),
        ];
        using var stop = new CancellationTokenSource();
        Task[] loops = [.. _clients.Select(client => Task.Run(() => client.RunAsync(stop.Token)))];
        for (int round = 0; round < rounds; round++)
        {
            await RunRoundAsync(round, latest[round]);
            if ((round + 1) % 25 == 0)
            {
                _settings.Progress.WriteLine($"{round + 1} rounds");
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(loops);
        await JudgeAsync(pairs.Length);
        return _result;
    }

    /// <summary>Refreshes each probe's session until its first token is older than any that a lost answer could bring back.</summary>
    private async Task<TokenPair[]> LeaveBehindAsync()
    {
        var latest = (TokenPair[])_probes.Clone();
        for (int times = 0; times < 3; times++)
        {
            await Task.Delay(Grace * 3);
            await Logins.ForAsync(latest.Length, async number =>
            {
                var reply = await _api.RefreshAsync(_deployment.Nodes[number % Nodes], latest[number].Refresh);
                Api.Expect(200, reply, "refresh of a probe");
                latest[number] = reply.Pair!;
            });
        }

        return latest;
    }

    private async Task RunRoundAsync(int round, TokenPair current)
    {
        var leavers = await FreshenAsync(round);
        ServedProcess[] victims = round % 4 == 3 ? [.. _deployment.Nodes] : [_deployment.Nodes[_random.Next(Nodes)]];
        var delay = TimeSpan.FromMilliseconds(50 + (_random.NextDouble() * 250));

        // One has the answer when its node dies; the other has it or not, at any node.
        var early = LeaveAsync(leavers[0], victims[0], delay - (Early * _random.NextDouble()));
        var late = LeaveAsync(leavers[1], _deployment.Nodes[_random.Next(Nodes)], delay + TimeSpan.FromMilliseconds((_random.NextDouble() * 20) - 15));
        await Task.WhenAll(Task.Delay(delay), early);
        await UntilUnderWayAsync(victims);
        int brokenOff = BrokenOff;
        await Task.WhenAll(victims.Select(static victim => victim.KillAsync()));
        _kills += victims.Length;
        TokenPair[] ended = [.. (await Task.WhenAll(early, late)).OfType<TokenPair>()];
        long answered = Stopwatch.GetTimestamp();
        if (victims.Length == Nodes && _settings.Store == StoreKind.Sqlite && await _deployment.Records.FindDamageAsync() is { } damage)
        {
            _damage.Add($"round {round}: {damage}");
        }

        foreach (var victim in victims)
        {
            _starts.Add((await victim.StartAsync()).TotalMilliseconds);
        }

        _met += BrokenOff > brokenOff ? 1 : 0;

        // A node is not ready before it has read what was ended; one that was not killed has the bound.
        await ExpectEndedAsync(ended, victims);
        await PresentOldAsync(round, victims[0], current);
        var rest = Bound - Stopwatch.GetElapsedTime(answered);
        await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        await ExpectEndedAsync(ended, _deployment.Nodes);
        _loggedOut.AddRange(ended);
    }

    private int BrokenOff => _clients.Sum(static client => client.BrokenOff);

    /// <summary>A kill between two requests would harm nobody.</summary>
    private async Task UntilUnderWayAsync(ServedProcess[] victims)
    {
        long started = Stopwatch.GetTimestamp();
        while (!_clients.Any(client => victims.Any(client.WaitsFor)) && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Yield();
        }
    }

    /// <summary>Whoever leaves in a late round got the first access token longer ago than it lives.</summary>
    private Task<TokenPair[]> FreshenAsync(int round) => Task.WhenAll(_leavers.Skip(round * LeaversPerRound).Take(LeaversPerRound).Select(async leaver =>
    {
        var reply = await _api.RefreshAsync(_deployment.Nodes[round % Nodes], leaver.Refresh);
        Api.Expect(200, reply, "refresh before a logout");
        return reply.Pair!;
    }));

    /// <returns>The pair that is over, if the logout was acknowledged; else null.</returns>
    private async Task<TokenPair?> LeaveAsync(TokenPair leaver, ServedProcess node, TimeSpan delay)
    {
        await Task.Delay(delay);
        var reply = await _api.LogOutAsync(node, leaver.Access);
        if (reply.Status != 204 && !reply.IsLost && !reply.IsUnavailable)
        {
            _failed.Add($"logout: {reply}");
        }

        return reply.Status == 204 ? leaver : null;
    }

    /// <summary>A token that was rotated past the rule for lost answers betrays a thief, whoever has been killed meanwhile; and the session that it ends stays ended.</summary>
    private async Task PresentOldAsync(int round, ServedProcess node, TokenPair current)
    {
        var old = await _api.RefreshAsync(node, _probes[round].Refresh);
        if (old is not { Status: 400, Code: "refresh_token_reused" })
        {
            _revived.Add($"round {round}, the first token: {old}");
        }

        var after = await _api.RefreshAsync(node, current.Refresh);
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

        // No later kill may have revived one. Their access tokens may have expired by now; each was judged while it lived.
        await Logins.ForAsync(_loggedOut.Count, async number => await ExpectNoRefreshAsync(_loggedOut[number], _deployment.Nodes, "at the end"));
        var rows = await _deployment.Records.SessionsAsync();
        var events = await _deployment.Records.EventsAsync();
        _result.Fact("processes killed", _kills);
        _result.Fact("pairs handed out to the clients", _clients.Sum(static client => client.Answered));
        _result.Fact("requests without an answer", _clients.Sum(static client => client.Lost));
        _result.Fact("requests that a kill broke off", BrokenOff);
        _result.Fact("requests answered 503", _clients.Sum(static client => client.Unavailable.Count));
        _result.Fact("commits whose answer was lost (the old token came again)", events.GetValueOrDefault("refresh_answer_lost"));
        Percentiles.AddTo(_result, "start after a kill", _starts);

        _result.AtLeast("rounds whose kill broke off a request", _met, Math.Max(1, _settings.Count / KillsForEachMet));
        _result.AtLeast("logouts acknowledged under load, one a round at the least", _loggedOut.Count, _settings.Count);
        _result.None("clients lost", [.. _clients.Select(static client => client.Violation).OfType<string>().Concat(_failed)]);
        _result.None("tokens revived", [.. _revived]);
        _result.None(
            "acknowledged rotations that the database lacks",
            [.. _clients.Where(client => !rows.TryGetValue(client.SessionId, out var row) || row.Generation < client.Held.Generation || row.IsRevoked).Select(static client => $"{client.SessionId}: {client.Held.Generation}")]);
        _result.Exactly("sessions ended for reuse (the probes alone)", events.GetValueOrDefault("refresh_token_reused"), _settings.Count);
        _result.Exactly("rows in the database (one a session)", rows.Count, sessions);
        _damage.AddRange(await _deployment.Records.FindDamageAsync() is { } damage ? [damage] : []);
        _result.None("damage found by the database", _damage);
    }

    /// <summary>Sessions whose logout was acknowledged: neither token may be worth anything, and for this reason. An access token that had merely expired would show nothing.</summary>
    private async Task ExpectEndedAsync(IReadOnlyList<TokenPair> ended, IReadOnlyList<ServedProcess> nodes)
    {
        foreach (var pair in ended)
        {
            foreach (var node in nodes)
            {
                var me = await DecidedAsync(() => _api.MeAsync(node, pair.Access));
                if (me is not { Status: 401, Code: "session_revoked" })
                {
                    _revived.Add($"logged out {pair.SessionId}, access token at {node.Address}: {me}");
                }
            }

            await ExpectNoRefreshAsync(pair, nodes, "after the kill");
        }
    }

    private async Task ExpectNoRefreshAsync(TokenPair pair, IReadOnlyList<ServedProcess> nodes, string when)
    {
        foreach (var node in nodes)
        {
            var refresh = await DecidedAsync(() => _api.RefreshAsync(node, pair.Refresh));
            if (refresh is not { Status: 400, Code: "session_revoked" })
            {
                _revived.Add($"logged out {pair.SessionId}, refresh token {when} at {node.Address}: {refresh}");
            }
        }
    }

    /// <summary>Asks again where nothing was decided, as a client does.</summary>
    private static async Task<Reply> DecidedAsync(Func<Task<Reply>> askAsync)
    {
        for (int attempt = 1; ; attempt++)
        {
            var reply = await askAsync();
            if ((!reply.IsLost && !reply.IsUnavailable) || attempt == TriesToGoOn)
            {
                return reply;
            }

            await Task.Delay(BetweenTries);
        }
    }
}
