using System.Data.Common;

namespace Countersign.Harness;

/// <summary>Runs one statement on a connection that is opened for it and disposed of afterwards.</summary>
public static class Sql
{
    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(DbConnection connection, string sql)
    {
        await using (connection)
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteNonQueryAsync();
        }
    }

    /// <returns>The first value of the first row; the default if there is none.</returns>
    public static async Task<TValue?> ScalarAsync<TValue>(DbConnection connection, string sql)
    {
        await using (connection)
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            object? value = await command.ExecuteScalarAsync();
            return value is null or DBNull ? default : (TValue)value;
        }
    }
}
