using Npgsql;

namespace Countersign.TestServer;

/// <summary>A database of one test or one class, made empty and dropped when it is disposed.</summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private readonly PostgreSqlCluster _cluster;

    /// <summary>Makes it in a cluster.</summary>
    public PostgreSqlDatabase(PostgreSqlCluster cluster)
    {
        _cluster = cluster;
        Name = $"test_{Guid.CreateVersion7():N}";
        cluster.Execute($"CREATE DATABASE {Name} TEMPLATE template0");
    }

    /// <summary>The database's name.</summary>
    public string Name { get; }

    /// <summary>An Npgsql connection string.</summary>
    public string ConnectionString => $"{_cluster.ConnectionString};Database={Name}";

    /// <summary>Makes it in the cluster that all tests share; without PostgreSQL the test is skipped.</summary>
    public static PostgreSqlDatabase Create() => PostgreSqlCluster.Shared.CreateDatabase();

    /// <summary>Runs a statement past everything of ours.</summary>
    /// <returns>How many rows it changed.</returns>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads one value.</summary>
    public async Task<TValue?> ScalarAsync<TValue>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        var value = await command.ExecuteScalarAsync();
        return value is null or DBNull ? default : (TValue)value;
    }

    public ValueTask DisposeAsync()
    {
        using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        // By force: a server that the test has killed may not yet have been noticed to be gone.
        _cluster.Execute($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
        return ValueTask.CompletedTask;
    }
}
