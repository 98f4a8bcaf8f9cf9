using Countersign.Benchmarks.Measurement;
using Countersign.Harness;

namespace Countersign.Benchmarks.Refresh;

/// <summary>
/// Refreshes over HTTP. The serving side (the server, the peer's server, the database) has the first core, the generator (this process, pgbench) the last.
/// Contestants take turns.
/// </summary>
internal static class RefreshSuite
{
    public const int ServerCore = 0;

    private const int Clients = 16;
    private const int Rows = 10_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>The core of the generator.</summary>
    public static int LoadCore => Machine.Cores - 1;

    public static async Task<IReadOnlyList<Row>> RunAsync(RunSettings settings)
    {
        var length = TimeSpan.FromSeconds(settings.IsQuick ? 3 : 5);
        Console.WriteLine(
            $"{Machine.Description}; servers and database on core {ServerCore}, load on core {LoadCore}, {Clients} clients, " +
            $"{Rows} sessions in the table, {length.TotalSeconds:F0} s a turn");
        List<Row> rows = [await OnSqliteAsync(settings, length)];
        rows.Add(await OnPostgreSqlAsync(settings, length));
        return rows;
    }

    private static async Task<Row> OnSqliteAsync(RunSettings settings, TimeSpan length)
    {
        await using var ours = await CountersignRefreshes.StartAsync(StoreKind.Sqlite, Clients, Rows);
        await using var peer = await IdentityApiRefreshes.StartAsync(Clients);
        await ours.WarmUpAsync(WarmUp);
        await peer.WarmUpAsync(WarmUp);
        var contest = new Contest();
        contest.Add("countersign", async () => await ours.TakeAsync(length));
        contest.Add("mapidentityapi", async () => await peer.TakeAsync(length));
        await contest.RunAsync(settings.Rounds);
        Console.WriteLine(ours.Remarks("countersign on SQLite"));
        Console.WriteLine(peer.Remarks);
        return contest.Faster("refresh-sqlite", "countersign", "mapidentityapi");
    }

    private static async Task<Row> OnPostgreSqlAsync(RunSettings settings, TimeSpan length)
    {
        await using var ours = await CountersignRefreshes.StartAsync(StoreKind.PostgreSql, Clients, Rows);
        using var peer = new PgBench(ours.Deployment.Cluster!, Clients, Rows);
        await peer.PrepareAsync();
        await ours.WarmUpAsync(WarmUp);
        var contest = new Contest();
        contest.Add("countersign", async () => await ours.TakeAsync(length));
        contest.Add("pgbench", async () => await peer.TakeAsync(length));
        await contest.RunAsync(settings.Rounds);
        Console.WriteLine(ours.Remarks("countersign on PostgreSQL"));
        return contest.Faster("refresh-postgresql", "countersign", "pgbench");
    }
}
