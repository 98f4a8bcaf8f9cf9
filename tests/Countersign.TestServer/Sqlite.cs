using Microsoft.Data.Sqlite;

namespace Countersign.TestServer;

/// <summary>Statements on a database file, past everything of ours.</summary>
internal static class Sqlite
{
    public static async Task<int> ExecuteAsync(string file, string statement)
    {
        await using var connection = Connection(file);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteNonQueryAsync();
    }

    public static async Task<long> CountAsync(string file, string query)
    {
        await using var connection = Connection(file);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<string> TextAsync(string file, string query)
    {
        await using var connection = Connection(file);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static SqliteConnection Connection(string file) => new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
}
