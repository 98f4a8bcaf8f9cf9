using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Countersign.TestServer;

/// <summary>Everything that a database holds, as one line a table: equal lines mean that nothing was written.</summary>
internal sealed class DatabaseDigest : IAsyncDisposable
{
    /// <summary>
    /// What a refused request may write: counters of wrong passwords, and who did what. The lease is written by the clean-up, whatever is asked.
    /// </summary>
    private static readonly string[] Written = ["countersign_sign_in_attempts", "countersign_security_events", "countersign_leases"];

    private readonly SqliteConnection _connection;

    private DatabaseDigest(SqliteConnection connection) => _connection = connection;

    public static async Task<DatabaseDigest> OpenAsync(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        await connection.OpenAsync();
        return new DatabaseDigest(connection);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>
    /// Name, number of rows and a hash of every table but the counters and the audit. The mails of earlier requests are waited for: they are sent beside the
    /// requests.
    /// </summary>
    public async Task<string> TakeAsync()
    {
        await Patience.UntilAsync(async () => !await IsMailWaitingAsync());
        var lines = new StringBuilder();
        foreach (var table in (await TablesAsync()).Except(Written, StringComparer.Ordinal))
        {
            lines.AppendLine(await DigestAsync(table));
        }

        return lines.ToString();
    }

    /// <summary>Every value of every table that is text or bytes.</summary>
    public async Task<IReadOnlyList<(string Column, object Value)>> ReadValuesAsync()
    {
        List<(string, object)> values = [];
        foreach (var table in await TablesAsync())
        {
            await ReadAsync(table, (column, value) =>
            {
                if (value is string or byte[])
                {
                    values.Add(($"{table}.{column}", value));
                }
            });
        }

        return values;
    }

    /// <summary>The bytes that a query finds.</summary>
    public async Task<byte[]> FindBytesAsync(string query)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = query;
        return (byte[])(await command.ExecuteScalarAsync())!;
    }

    private async Task<bool> IsMailWaitingAsync()
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM countersign_mail WHERE done_at IS NULL)";
        return (long)(await command.ExecuteScalarAsync())! != 0;
    }

    private async Task<string> DigestAsync(string table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = await ReadAsync(table, (column, value) => hash.AppendData(Encoding.UTF8.GetBytes(
            $"{column}={(value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture))}\n")));
        return string.Create(CultureInfo.InvariantCulture, $"{table} {rows} {Convert.ToHexString(hash.GetHashAndReset())}");
    }

    private async Task<int> ReadAsync(string table, Action<string, object> take)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT * FROM \"{table}\" ORDER BY rowid";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        for (; await reader.ReadAsync(); rows++)
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                take(reader.GetName(column), reader.GetValue(column));
            }
        }

        return rows;
    }

    private async Task<List<string>> TablesAsync()
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        await using var reader = await command.ExecuteReaderAsync();
        List<string> tables = [];
        while (await reader.ReadAsync())
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }
}
