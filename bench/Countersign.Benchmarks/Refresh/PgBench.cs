using System.Globalization;
using System.Text.RegularExpressions;
using Countersign.Benchmarks.Measurement;
using Countersign.Harness;
using Npgsql;

namespace Countersign.Benchmarks.Refresh;

/// <summary>
/// PostgreSQL's own load generator: one prepared single-row UPDATE in each transaction, on a table as large as the sessions', in the same cluster.
/// </summary>
internal sealed partial class PgBench(PostgreSqlCluster cluster, int clients, int rows) : IDisposable
{
    private const string Database = "pgbench";

    private readonly string _script = Path.Combine(Path.GetTempPath(), $"countersign-pgbench-{Environment.ProcessId}.sql");

    public async Task PrepareAsync()
    {
        string connectionString = await cluster.CreateDatabaseAsync(Database);

        // As wide as a session's row.
        string[] statements =
        [
            "CREATE TABLE counters (id integer PRIMARY KEY, generation integer NOT NULL, refreshed_at bigint NOT NULL, filler text NOT NULL)",
            $"INSERT INTO counters SELECT n, 1, 0, repeat('x', 200) FROM generate_series(1, {rows}) AS n",
            "VACUUM ANALYZE counters",
        ];
        foreach (string statement in statements)
        {
            await Sql.ExecuteAsync(new NpgsqlConnection(connectionString + ";Pooling=false"), statement);
        }

        await File.WriteAllTextAsync(_script, $"""
            \set id random(1, {rows})
            UPDATE counters SET generation = generation + 1, refreshed_at = 639000000000000000 WHERE id = :id;

            """);
    }

    public async Task<Sample> TakeAsync(TimeSpan length)
    {
        string seconds = length.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        string number = clients.ToString(CultureInfo.InvariantCulture);
        var (exitCode, output) = await cluster.RunProgramAsync(
            "pgbench", ["-n", "-M", "prepared", "-f", _script, "-c", number, "-j", "1", "-T", seconds, Database], RefreshSuite.LoadCore);
        var rate = PerSecond().Match(output);
        return exitCode == 0 && rate.Success
            ? new Sample(1e9 / double.Parse(rate.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture), double.NaN)
            : throw new InvalidOperationException($"pgbench ended with {exitCode}: {output}");
    }

    public void Dispose() => File.Delete(_script);

    [GeneratedRegex(@"^tps = (?<rate>[0-9.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PerSecond();
}
