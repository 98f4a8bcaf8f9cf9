using Countersign.Harness;
using Countersign.TestServer;
using Npgsql;

namespace Countersign.PostgreSql.Tests;

/// <summary>A role of one test, that may log in and do what it is granted, and goes with the database.</summary>
internal sealed class ServingRole : IAsyncDisposable
{
    private readonly PostgreSqlDatabase _database;

    private ServingRole(PostgreSqlDatabase database, string name, string connectionString) =>
        (_database, Name, ConnectionString) = (database, name, connectionString);

    /// <summary>The role's name.</summary>
    public string Name { get; }

    /// <summary>Logs in as the role.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// Makes the role in a database where everybody may make tables, as in one that PostgreSQL 14 has made, until what is documented takes that away.
    /// </summary>
    public static async Task<ServingRole> CreateAsync(PostgreSqlDatabase database)
    {
        var (name, password) = ($"role_{Guid.CreateVersion7():N}", $"{Guid.CreateVersion7():N}");
        await database.ExecuteAsync(
            $"""
             CREATE ROLE {name} LOGIN PASSWORD '{password}';
             GRANT CREATE ON SCHEMA public TO PUBLIC;
             REVOKE TEMPORARY ON DATABASE {database.Name} FROM PUBLIC;
             """);
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = name, Password = password };
        return new ServingRole(database, name, connection.ConnectionString);
    }

    /// <summary>Grants what <c>docs/deployment.md</c> says that the account which serves needs, in its words.</summary>
    public Task GrantAsDocumentedAsync()
    {
        var statements = File.ReadLines(Path.Combine(Repository.Root, "docs", "deployment.md"))
            .Where(static line => line.StartsWith("    ", StringComparison.Ordinal)
                && (line.EndsWith(" TO countersign_serving;", StringComparison.Ordinal) || line.EndsWith(" FROM PUBLIC;", StringComparison.Ordinal)))
            .ToList();
        Assert.Equal(3, statements.Count);
        return _database.ExecuteAsync(string.Join('\n', statements).Replace("countersign_serving", Name, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        // What is granted to it keeps a role from being dropped.
        await _database.ExecuteAsync($"DROP OWNED BY {Name}; DROP ROLE {Name}");
    }
}
