using System.Data.Common;
using System.Globalization;
using Countersign.Harness;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.Reliability.Servers;

/// <summary>The content of the database, read without our code.</summary>
internal sealed class Records(StoreKind store, string connectionString, PostgreSqlCluster? cluster)
{
    /// <summary>One session's row.</summary>
    internal readonly record struct Row(int Generation, int? Parent, bool IsRevoked);

    public async Task<long> CountAsync(string table, string condition = "1 = 1") =>
        Convert.ToInt64(await ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    /// <summary>All sessions, by id.</summary>
    public async Task<Dictionary<Guid, Row>> SessionsAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, generation, parent, revoked_at FROM countersign_sessions";
        await using var reader = await command.ExecuteReaderAsync();
        Dictionary<Guid, Row> rows = [];
        while (await reader.ReadAsync())
        {
            // Add, not assign: this throws if a session has a second row.
            rows.Add(
                store == StoreKind.Sqlite ? Guid.Parse(reader.GetString(0)) : reader.GetGuid(0),
                new Row(reader.GetInt32(1), await reader.IsDBNullAsync(2) ? null : reader.GetInt32(2), !await reader.IsDBNullAsync(3)));
        }

        return rows;
    }

    /// <summary>How often each kind of event was recorded.</summary>
    public async Task<Dictionary<string, long>> EventsAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, count(*) FROM countersign_security_events GROUP BY kind";
        await using var reader = await command.ExecuteReaderAsync();
        Dictionary<string, long> kinds = new(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            kinds[reader.GetString(0)] = reader.GetInt64(1);
        }

        return kinds;
    }

    public Task<int> ExecuteAsync(string sql) => Sql.ExecuteAsync(Connection(), sql);

    public Task<object?> ScalarAsync(string sql) => Sql.ScalarAsync<object>(Connection(), sql);

    /// <summary>
    /// Lets the database check itself: every page and index of SQLite; every heap and B-tree of PostgreSQL, and that each row is in its indexes.
    /// </summary>
    /// <returns>The damage that it found; null if there is none.</returns>
    public async Task<string?> FindDamageAsync()
    {
        if (store == StoreKind.Sqlite)
        {
            string answer = (string)(await ScalarAsync("PRAGMA integrity_check"))!;
            return answer == "ok" ? null : answer;
        }

        string database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        var (exitCode, output) = await cluster!.RunProgramAsync("pg_amcheck", ["--install-missing", "--heapallindexed", "--parent-check", database]);
        return exitCode == 0 && output.Length == 0 ? null : $"pg_amcheck {exitCode}: {output}";
    }

    private async Task<DbConnection> OpenAsync()
    {
        var connection = Connection();
        await connection.OpenAsync();
        return connection;
    }

    private DbConnection Connection() => store == StoreKind.Sqlite
        ? new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString())
        : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
}
