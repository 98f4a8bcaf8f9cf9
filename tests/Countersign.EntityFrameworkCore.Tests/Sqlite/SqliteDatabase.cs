using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Tests.Sqlite;

/// <summary>A database file of one test.</summary>
internal sealed class SqliteDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;

    public SqliteDatabase()
    {
        using var context = new TestContext(new DbContextOptionsBuilder<TestContext>().UseSqlite(ConnectionString).Options);
        context.Database.EnsureCreated();
    }

    public string ConnectionString => $"Data Source={Path.Combine(_folder, "test.db")}";

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    public void Remove()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A context with Countersign's tables and nothing else.</summary>
internal sealed class TestContext(DbContextOptions<TestContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseCountersign();
}
