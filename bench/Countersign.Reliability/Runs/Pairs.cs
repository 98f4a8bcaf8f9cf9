using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Results;
using Countersign.Reliability.Stage;

namespace Countersign.Reliability.Runs;

/// <summary>
/// Two requests that must not both win, at two nodes at the same moment: refresh and logout, refresh and change of the password, login and the account's deactivation. After both answers and
/// the bound, no token that any of them was given or had before is worth anything, save the pair that comes with a new password.
/// </summary>
internal sealed class Pairs
{
    public const int DefaultCount = 2000;
    private const int Nodes = 2;
    private const int AtOnce = 4;
    private const string NextPassword = "orbit umbrella violet";

    /// <summary>What a node may take to hear of another's revocation.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    /// <summary>How far apart the two are sent, at most.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(6);

    private readonly Settings _settings;
    private readonly Deployment _deployment;
    private readonly Api _api;
    private readonly Random _random;
    private readonly ConcurrentBag<(string Kind, TokenPair Pair)> _dead = [];
    private readonly ConcurrentBag<(string Kind, TokenPair Pair)> _alive = [];
    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentDictionary<string, int> _bothWon = new(StringComparer.Ordinal);

    /// <summary>How long the last of each took: either is sent at some moment of the other.</summary>
    private (TimeSpan Login, TimeSpan Command) _last = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100));

    private Pairs(Settings settings, Deployment deployment, Api api) =>
        (_settings, _deployment, _api, _random) = (settings, deployment, api, new Random(settings.Seed));

    public static async Task<RunResult> RunAsync(Settings settings)
    {
        await using var deployment = await Deployment.StartAsync(settings.Store, Nodes);
        using var api = new Api();
        return await new Pairs(settings, deployment, api).RunAsync();
    }

    private async Task<RunResult> RunAsync()
    {
        int count = _settings.Count;
        int accounts = (2 * count) + 1;
        var logouts = await Logins.MakeAsync(_api, _deployment.Nodes, count, firstAccount: accounts);
        await Logins.ForAsync(accounts, account => _api.RegisterAsync(_deployment.Nodes[account % Nodes], account));
        var pairs = new TokenPair[accounts];
        await Logins.ForAsync(accounts, async account => pairs[account] = await _api.LogInAsync(_deployment.Nodes[account % Nodes], account));
        _settings.Progress.WriteLine("accounts and sessions made");

        await Logins.ForAsync(count, number => RefreshAndLogOutAsync(logouts[number]), AtOnce);
        _settings.Progress.WriteLine("refresh and logout done");
        await Logins.ForAsync(count, number => RefreshAndChangeAsync(number, pairs[number]), AtOnce);
        _settings.Progress.WriteLine("refresh and change of password done");

        // The first command of a process takes a second; what follows, as long as this one.
        await ServerCommand.RunAsync(_deployment, "users", "deactivate", Api.Email(2 * count));
        for (int number = count; number < 2 * count; number++)
        {
            await LogInAndDeactivateAsync(number, pairs[number]);
        }

        await Task.Delay(Bound);
        return await JudgeAsync();
    }

    private async Task RefreshAndLogOutAsync(TokenPair pair)
    {
        const string kind = "refresh and logout";
        var (first, second) = Places();
        var refresh = SoonAsync(() => _api.RefreshAsync(first, pair.Refresh));
        var logout = SoonAsync(() => _api.LogOutAsync(second, pair.Access));
        Note(kind, await logout, 204, await refresh, pair);
    }

    private async Task RefreshAndChangeAsync(int account, TokenPair pair)
    {
        const string kind = "refresh and change of password";
        var (first, second) = Places();

        // A change takes two hashes: the refresh is sent while they run, or right after.
        var change = SoonAsync(() => _api.ChangePasswordAsync(second, pair.Access, Api.Password, NextPassword));
        var refresh = SoonAsync(() => _api.RefreshAsync(first, pair.Refresh), TimeSpan.FromMilliseconds(100));
        var changed = await change;
        Note(kind, changed, 200, await refresh, pair);
        if (changed.Pair is { } next)
        {
            _alive.Add(($"{kind}, account {account}", next));
        }
    }

    private async Task LogInAndDeactivateAsync(int account, TokenPair pair)
    {
        const string kind = "login and deactivation";
        var login = SoonAsync(() => _api.TryLogInAsync(Places().First, account), _last.Command);
        var end = SoonAsync(
            async () =>
            {
                long started = Stopwatch.GetTimestamp();
                await ServerCommand.RunAsync(_deployment, "users", "deactivate", Api.Email(account));
                return new Reply { Status = 204, Took = Stopwatch.GetElapsedTime(started) };
            },
            _last.Login);
        var (given, ended) = (await login, await end);
        _last = (given.Took, ended.Took);
        Note(kind, ended, 204, given, pair);
    }

    private void Note(string kind, Reply end, int expected, Reply other, TokenPair pair)
    {
        if (end.Status != expected)
        {
            // A refresh never ends the session, so the end has to be granted. What can't be decided would make the pair worth nothing to look at.
            _faults.Add($"{kind}: the end was answered {end}");
            return;
        }

        if (other.Pair is null && !other.IsRefused)
        {
            _faults.Add($"{kind}: the other was answered {other}");
        }

        _dead.Add((kind, pair));
        if (other.Pair is { } given)
        {
            _dead.Add((kind, given));
            _bothWon.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        }
    }

    private async Task<RunResult> JudgeAsync()
    {
        var result = new RunResult("pairs", _settings.Store.ToString());
        ConcurrentBag<string> usable = [], unusable = [];
        (string Kind, TokenPair Pair)[] dead = [.. _dead], alive = [.. _alive];
        await Logins.ForAsync(dead.Length, async number =>
        {
            var (kind, pair) = dead[number];
            foreach (var node in _deployment.Nodes)
            {
                var me = await _api.MeAsync(node, pair.Access);
                var refresh = await _api.RefreshAsync(node, pair.Refresh);
                if (!me.IsRefused || !refresh.IsRefused)
                {
                    usable.Add($"{kind}, generation {pair.Generation} of {pair.SessionId} at {node.Address}: access {me}, refresh {refresh}");
                }
            }
        });
        await Logins.ForAsync(alive.Length, async number =>
        {
            var (kind, pair) = alive[number];
            foreach (var node in _deployment.Nodes)
            {
                var me = await _api.MeAsync(node, pair.Access);
                var refresh = await _api.RefreshAsync(node, pair.Refresh);
                if (me.Status != 200 || refresh.Status != 200)
                {
                    unusable.Add($"{kind} at {node.Address}: access {me}, refresh {refresh}");
                }
            }
        });
        result.Fact("pairs of each kind", _settings.Count);
        foreach (string kind in _dead.Select(static one => one.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            result.Fact($"{kind}: both were granted", _bothWon.GetValueOrDefault(kind));
        }

        result.Fact("token pairs tried at both nodes afterwards", dead.Length);
        result.AtLeast("kinds tried", _dead.Select(static one => one.Kind).Distinct(StringComparer.Ordinal).Count(), 3);
        result.None("token pairs still usable", usable);
        result.None("pairs of new passwords that are not", unusable);
        result.None("requests that were not decided", _faults);
        return result;
    }

    private (ServedProcess First, ServedProcess Second) Places()
    {
        lock (_random)
        {
            return (_deployment.Nodes[_random.Next(Nodes)], _deployment.Nodes[_random.Next(Nodes)]);
        }
    }

    private async Task<Reply> SoonAsync(Func<Task<Reply>> send, TimeSpan? within = null)
    {
        TimeSpan delay;
        lock (_random)
        {
            delay = (within ?? Spread) * _random.NextDouble();
        }

        // The clock of timers is too coarse for some milliseconds.
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

        return await send();
    }
}
