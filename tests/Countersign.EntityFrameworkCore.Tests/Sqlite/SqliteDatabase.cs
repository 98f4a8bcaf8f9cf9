using System.Globalization;
using Countersign.Sessions;
using Countersign.StoreSpecification;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.EntityFrameworkCore.Tests.Sqlite;

/// <summary>A database file of one test.</summary>
internal sealed class SqliteDatabase : ITestDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;

    public SqliteDatabase()
    {
        using var context = new TestContext(new DbContextOptionsBuilder<TestContext>().UseSqlite(ConnectionString).Options);
        context.Database.EnsureCreated();
    }

    public string ConnectionString => $"Data Source={Path.Combine(_folder, "test.db")}";

    public string FreshBytes => "randomblob(16)";

    public void AddTo(CountersignBuilder builder)
    {
        builder.Services.AddDbContext<TestContext>(options => options.UseSqlite(ConnectionString));
        builder.AddEntityFrameworkStores<TestContext>();
    }

    public Task ExecuteAsync(string sql) => ScalarAsync(sql);

    public async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

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

    public ValueTask DisposeAsync()
    {
        Remove();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A context with Countersign's tables and nothing else.</summary>
internal sealed class TestContext(DbContextOptions<TestContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseCountersign();
}
