using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Servers;

namespace Countersign.Reliability.Runs;

/// <summary>
/// Two requests that must not both win, at two nodes at the same moment: refresh and logout, refresh and password change, login and deactivation of the
/// account. After both answers and the limit, no token that any of them was given or had before may work, except the pair that comes with a new password. This
/// is checked for some hundred races at a time, while all access tokens live: an expired one would show nothing.
/// </summary>
internal sealed class Pairs(RunContext run)
{
    public const int DefaultCount = 2000;
    private const int AtOnce = 4;
    private const string NextPassword = "orbit umbrella violet";

    /// <summary>Races between two checks: at most some minutes, while an access token lives for 27.</summary>
    private const int Together = 200;

    /// <summary>One in so many races must overlap, as its client sees it. Most do: one request is sent while the other runs.</summary>
    private const int RacesForEachOverlap = 4;

    /// <summary>One in so many races must grant both. Which comes first is chance, and about some in ten do.</summary>
    private const int RacesForEachGrant = 20;

    /// <summary>How soon a node must learn of another node's revocation.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    /// <summary>The longest time between the two requests.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(6);

    private static readonly Kind Logout = new("refresh and logout", 204, ["session_revoked"], 401, "session_revoked");
    private static readonly Kind Change = new("refresh and change of password", 200, ["session_revoked", "account_changed"], 401, "session_revoked");
    private static readonly Kind Deactivation = new("login and deactivation", 204, ["invalid_credentials"], 400, "account_inactive");

    private readonly Random _random = new(run.Settings.Seed);
    private readonly ConcurrentBag<(Kind Kind, TokenPair Pair)> _dead = [];
    private readonly ConcurrentBag<TokenPair> _alive = [];
    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentBag<string> _usable = [];
    private readonly ConcurrentBag<string> _unusable = [];
    private readonly ConcurrentDictionary<Kind, int> _bothWon = new();
    private readonly ConcurrentDictionary<Kind, int> _overlapped = new();
    private int _accounts;
    private int _deadTried;
    private int _aliveTried;

    /// <summary>How long the last of each took, so that one request can be sent while the other runs.</summary>
    private (TimeSpan Login, TimeSpan Command) _last = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100));

    public static Task<RunResult> RunAsync(Settings settings) =>
        RunContext.RunAsync("pairs", settings, grace: null, static run => new Pairs(run).PlayAsync());

    private async Task PlayAsync()
    {
        await PlayAsync(Logout, async count =>
        {
            var sessions = await Logins.MakeAsync(run.Api, run.Nodes, count, firstAccount: _accounts);
            _accounts += count;
            await Logins.ForAsync(count, number => RefreshAndLogOutAsync(sessions[number]), AtOnce);
        });
        await PlayAsync(Change, async count =>
        {
            var (first, pairs) = await MakeAccountsAsync(count);
            await Logins.ForAsync(count, number => RefreshAndChangeAsync(first + number, pairs[number]), AtOnce);
        });

        // The first command of a process takes a second; the next ones as long as this one.
        await ServerCommand.RunAsync(run.Deployment, "users", "deactivate", Api.Email((await MakeAccountsAsync(1)).First));
        await PlayAsync(Deactivation, async count =>
        {
            var (first, pairs) = await MakeAccountsAsync(count);
            for (int number = 0; number < count; number++)
            {
                await LogInAndDeactivateAsync(first + number, pairs[number]);
            }
        });
        AddResult();
    }

    private async Task PlayAsync(Kind kind, Func<int, Task> raceAsync)
    {
        for (int played = 0; played < run.Settings.Count; played += Together)
        {
            await raceAsync(Math.Min(Together, run.Settings.Count - played));
            await Task.Delay(Bound);
            await JudgeAsync();
        }

        run.Settings.Progress.WriteLine($"{kind.Name} done");
    }

    /// <summary>Makes accounts with a session each.</summary>
    private async Task<(int First, TokenPair[] Pairs)> MakeAccountsAsync(int count)
    {
        int first = _accounts;
        _accounts += count;
        var pairs = new TokenPair[count];
        await Logins.ForAsync(count, async number =>
        {
            await run.Api.RegisterAsync(run.NodeOf(number), first + number);
            pairs[number] = await run.Api.LogInAsync(run.NodeOf(number), first + number);
        });
        return (first, pairs);
    }

    private async Task RefreshAndLogOutAsync(TokenPair pair)
    {
        var (first, second) = Places();
        var refresh = SoonAsync(() => run.Api.RefreshAsync(first, pair.Refresh));
        var logout = SoonAsync(() => run.Api.LogOutAsync(second, pair.Access));
        Note(Logout, await logout, await refresh, pair);
    }

    private async Task RefreshAndChangeAsync(int account, TokenPair pair)
    {
        var (first, second) = Places();

        // A password change takes two hashes: the refresh is sent while they run, or right after.
        var change = SoonAsync(() => run.Api.ChangePasswordAsync(second, pair.Access, Api.Password, NextPassword));
        var refresh = SoonAsync(() => run.Api.RefreshAsync(first, pair.Refresh), TimeSpan.FromMilliseconds(100));
        var changed = await change;
        Note(Change, changed, await refresh, pair);
        if (changed.Reply.Pair is { } next)
        {
            _alive.Add(next);
        }
        else
        {
            _faults.Add($"{Change.Name}, account {account}: no pair came with {changed.Reply}");
        }
    }

    private async Task LogInAndDeactivateAsync(int account, TokenPair pair)
    {
        var login = SoonAsync(() => run.Api.TryLogInAsync(Places().First, account), _last.Command);
        var end = SoonAsync(
            async () =>
            {
                long started = Stopwatch.GetTimestamp();
                await ServerCommand.RunAsync(run.Deployment, "users", "deactivate", Api.Email(account));
                return new Reply { Kind = ReplyKind.Good, Status = 204, Took = Stopwatch.GetElapsedTime(started) };
            },
            _last.Login);
        var (given, ended) = (await login, await end);
        _last = (given.Reply.Took, ended.Reply.Took);
        Note(Deactivation, ended, given, pair);
    }

    private void Note(Kind kind, Sent end, Sent other, TokenPair pair)
    {
        if (end.Reply.Status != kind.Granted)
        {
            // A refresh never ends the session, so the end must be granted. An undecided answer would make the pair useless for the check.
            _faults.Add($"{kind.Name}: the end was answered {end.Reply}");
            return;
        }

        if (other.Reply.Pair is null && !(other.Reply.IsRefused && kind.LoserCodes.Contains(other.Reply.Code, StringComparer.Ordinal)))
        {
            _faults.Add($"{kind.Name}: the other was answered {other.Reply}");
        }

        if (end.From < other.To && other.From < end.To)
        {
            _overlapped.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        }

        _dead.Add((kind, pair));
        if (other.Reply.Pair is { } given)
        {
            _dead.Add((kind, given));
            _bothWon.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        }
    }

    /// <summary>Shows the remaining tokens of the last races to both nodes.</summary>
    private async Task JudgeAsync()
    {
        (Kind Kind, TokenPair Pair)[] dead = [.. _dead];
        TokenPair[] alive = [.. _alive];
        _dead.Clear();
        _alive.Clear();
        await Logins.ForAsync(dead.Length, async number =>
        {
            var (kind, pair) = dead[number];
            foreach (var node in run.Nodes)
            {
                var me = await run.Api.MeAsync(node, pair.Access);
                var refresh = await run.Api.RefreshAsync(node, pair.Refresh);
                if (me.Status != kind.AccessStatus || me.Code != kind.Code || refresh.Status != 400 || refresh.Code != kind.Code)
                {
                    _usable.Add($"{kind.Name}, generation {pair.Generation} of {pair.SessionId} at {node.Address}: access {me}, refresh {refresh}");
                }
            }
        });
        await Logins.ForAsync(alive.Length, async number =>
        {
            foreach (var node in run.Nodes)
            {
                var me = await run.Api.MeAsync(node, alive[number].Access);
                var refresh = await run.Api.RefreshAsync(node, alive[number].Refresh);
                if (me.Status != 200 || refresh.Status != 200)
                {
                    _unusable.Add($"session {alive[number].SessionId} at {node.Address}: access {me}, refresh {refresh}");
                }
            }
        });
        _deadTried += dead.Length;
        _aliveTried += alive.Length;
    }

    private void AddResult()
    {
        var result = run.Result;
        result.Fact("pairs of each kind", run.Settings.Count);
        foreach (var kind in (Kind[])[Logout, Change, Deactivation])
        {
            result.AtLeast($"{kind.Name}: overlapped", _overlapped.GetValueOrDefault(kind), Math.Max(1, run.Settings.Count / RacesForEachOverlap));
            result.AtLeast($"{kind.Name}: both were granted", _bothWon.GetValueOrDefault(kind), Math.Max(1, run.Settings.Count / RacesForEachGrant));
        }

        result.Exactly("token pairs tried at both nodes afterwards", _deadTried, (3 * run.Settings.Count) + _bothWon.Values.Sum());
        result.None("token pairs not refused for their reason", _usable);
        result.Exactly("pairs of new passwords tried", _aliveTried, run.Settings.Count);
        result.None("pairs of new passwords that are not usable", _unusable);
        result.None("requests that were not decided", _faults);
    }

    private (ServerNode First, ServerNode Second) Places()
    {
        lock (_random)
        {
            return (run.AnyNode(_random), run.AnyNode(_random));
        }
    }

    private async Task<Sent> SoonAsync(Func<Task<Reply>> send, TimeSpan? within = null)
    {
        TimeSpan delay;
        lock (_random)
        {
            delay = (within ?? Spread) * _random.NextDouble();
        }

        // The clock of timers is too coarse for a few milliseconds.
        await Task.Yield();
        long started = Stopwatch.GetTimestamp();
        if (delay > Spread)
        {
            await Task.Delay(delay);
        }
        else
        {
            while (Stopwatch.GetElapsedTime(started) < delay)
            {
                await Task.Yield();
            }
        }

        long from = Stopwatch.GetTimestamp();
        var reply = await send();
        return new Sent(reply, from, Stopwatch.GetTimestamp());
    }

    /// <summary>Two requests. One ends what the other wants.</summary>
    /// <param name="Name">The name of the pair.</param>
    /// <param name="Granted">The status of the request that ends; it is always granted.</param>
    /// <param name="LoserCodes">The codes with which the other is refused if it comes too late.</param>
    /// <param name="AccessStatus">The status for an access token from then on.</param>
    /// <param name="Code">The code with which it and the refresh token are refused.</param>
    private sealed record Kind(string Name, int Granted, string[] LoserCodes, int AccessStatus, string Code);

    /// <summary>An answer, with the start and end of its client's wait.</summary>
    private readonly record struct Sent(Reply Reply, long From, long To);
}
