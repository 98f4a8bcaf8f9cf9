using Countersign.Harness;
using Npgsql;

namespace Countersign.TestServer;

/// <summary>A database of one test or one class, made empty and dropped when it is disposed.</summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private readonly string _cluster;

    /// <summary>Makes it in a cluster.</summary>
    /// <param name="cluster">The cluster's connection string, without a database.</param>
    public PostgreSqlDatabase(string cluster)
    {
        _cluster = cluster;
        Name = $"test_{Guid.CreateVersion7():N}";
        ExecuteInCluster($"CREATE DATABASE {Name} TEMPLATE template0");
    }

    /// <summary>The database's name.</summary>
    public string Name { get; }

    /// <summary>An Npgsql connection string.</summary>
    public string ConnectionString => $"{_cluster};Database={Name}";

    /// <summary>Makes it in the cluster that all tests share; without PostgreSQL the test is skipped.</summary>
    public static PostgreSqlDatabase Create() => new(TestPostgreSql.ConnectionString);

    /// <summary>Runs a statement past everything of ours.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(string sql) => Sql.ExecuteAsync(new NpgsqlConnection(ConnectionString), sql);

    /// <summary>Reads one value.</summary>
    public Task<TValue?> ScalarAsync<TValue>(string sql) => Sql.ScalarAsync<TValue>(new NpgsqlConnection(ConnectionString), sql);

    public ValueTask DisposeAsync()
    {
        using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        // By force: a server that the test has killed may not yet have been noticed to be gone.
        ExecuteInCluster($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a statement in another database of the cluster.</summary>
    public void ExecuteInCluster(string sql)
    {
        using var connection = new NpgsqlConnection($"{_cluster};Database=postgres");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
