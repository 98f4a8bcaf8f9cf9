using Countersign.Harness;
using Microsoft.Data.Sqlite;

namespace Countersign.TestServer;

/// <summary>Statements on a database file, past everything of ours.</summary>
internal static class Sqlite
{
    public static Task<int> ExecuteAsync(string file, string statement) => Sql.ExecuteAsync(Connection(file), statement);

    public static Task<long> CountAsync(string file, string query) => Sql.ScalarAsync<long>(Connection(file), query);

    public static async Task<string> TextAsync(string file, string query) => (await Sql.ScalarAsync<string>(Connection(file), query))!;

    private static SqliteConnection Connection(string file) => new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
}
