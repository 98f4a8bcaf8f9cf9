using System.Globalization;
using Countersign.EntityFrameworkCore;
using Countersign.Sessions;
using Countersign.StoreSpecification;
using Countersign.TestServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Countersign.PostgreSql.Tests;

/// <summary>A database of one test with Countersign's tables and nothing else.</summary>
internal sealed class TestDatabase : ITestDatabase
{
    public TestDatabase()
        : this(TestPostgreSql.ConnectionString)
    {
    }

    /// <param name="cluster">The connection string, without a database, of the cluster that it is made in.</param>
    public TestDatabase(string cluster)
    {
        Database = new PostgreSqlDatabase(cluster);
        using var context = new TestContext(new DbContextOptionsBuilder<TestContext>().UseNpgsql(Database.ConnectionString).Options);
        context.Database.EnsureCreated();
    }

    public PostgreSqlDatabase Database { get; }

    public string ConnectionString => Database.ConnectionString;

    public string Name => Database.Name;

    public string FreshBytes => "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')";

    public void AddTo(CountersignBuilder builder) => AddTo(builder, null);

    /// <summary>Registers the stores on this database, reached by another connection string if one is given, and set up as an app may do it.</summary>
    public void AddTo(CountersignBuilder builder, string? connectionString, Action<NpgsqlDbContextOptionsBuilder>? configure = null)
    {
        builder.Services.AddDbContext<TestContext>(options => options.UseNpgsql(connectionString ?? ConnectionString, configure));
        builder.AddEntityFrameworkStores<TestContext>().UsePostgreSql();
    }

    public Task ExecuteAsync(string sql) => Database.ExecuteAsync(sql);

    public Task<TValue?> ScalarAsync<TValue>(string sql) => Database.ScalarAsync<TValue>(sql);

    public async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await ScalarAsync<object>($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

/// <summary>A context with Countersign's tables and nothing else.</summary>
internal sealed class TestContext(DbContextOptions<TestContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseCountersign();
}
