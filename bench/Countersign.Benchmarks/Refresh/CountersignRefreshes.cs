using Countersign.Benchmarks.Measurement;
using Countersign.Harness;
using Countersign.Reliability.Clients;
using Countersign.Reliability.Servers;

namespace Countersign.Benchmarks.Refresh;

/// <summary>The server. Each of its answers is a committed rotation.</summary>
internal sealed class CountersignRefreshes : IAsyncDisposable
{
    /// <summary>Without a grace, each refresh writes.</summary>
    private static readonly Dictionary<string, string> Rotating = new(StringComparer.Ordinal) { ["Auth__Refresh__Grace"] = "00:00:00" };

    private readonly Deployment _deployment;
    private readonly RefreshLoad _load;
    private readonly ServerTime _time;

    private CountersignRefreshes(Deployment deployment, RefreshLoad load) =>
        (_deployment, _load, _time) = (deployment, load, new ServerTime(deployment.Nodes[0].Id));

    public Deployment Deployment => _deployment;

    /// <param name="store">The store.</param>
    /// <param name="clients">The number of clients, each with a session.</param>
    /// <param name="rows">The number of sessions in the table, including theirs.</param>
    public static async Task<CountersignRefreshes> StartAsync(StoreKind store, int clients, int rows)
    {
        var deployment = await Deployment.StartAsync(store, nodes: 1, Rotating, RefreshSuite.ServerCore);
        try
        {
            using var api = new Api();
            var pairs = await Logins.MakeAsync(api, deployment.Nodes, clients);
            await FillAsync(deployment, rows - clients);
            var address = new Uri(deployment.Nodes[0].Address, "/api/v1/auth/refresh");
            return new CountersignRefreshes(deployment, new RefreshLoad(address, "refresh_token", [.. pairs.Select(static pair => pair.Refresh)]));
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a turn that does not count: both sides compile their code.</summary>
    public Task WarmUpAsync(TimeSpan length) => _load.TakeAsync(length);

    public async Task<Sample> TakeAsync(TimeSpan length)
    {
        _time.Start();
        var sample = await _load.TakeAsync(length);
        _time.Add(length, sample);
        return sample;
    }

    /// <summary>Further results, for people.</summary>
    public string Remarks(string name) => $"{name}: {_time}; generator at most {_load.BusiestGenerator:P0} of its core";

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await _deployment.DisposeAsync();
    }

    /// <summary>Adds sessions without a user, as copies of an existing one.</summary>
    private static Task FillAsync(Deployment deployment, int rows)
    {
        string id = deployment.Store == StoreKind.Sqlite
            ? "upper(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || substr(h, 14, 3) || '-8' || substr(h, 18, 3) || '-' || substr(h, 21, 12))"
            : "gen_random_uuid()";
        string numbers = deployment.Store == StoreKind.Sqlite
            ? $"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT i, hex(randomblob(16)) AS h FROM n)"
            : $"generate_series(1, {rows})";
        const string copied =
            "user_id, generation, parent, salt, key_id, stamp, created_at, refreshed_at, idle_expires_at, expires_at, revoked_at, revoked_reason, " +
            "authenticated_at, methods, user_agent, ip_address, label, cleanup_at";
        return deployment.Records.ExecuteAsync(
            $"INSERT INTO countersign_sessions (id, {copied}) SELECT {id}, {copied} FROM (SELECT * FROM countersign_sessions LIMIT 1) AS s, {numbers} AS n");
    }
}
