using Countersign.EntityFrameworkCore;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.StoreSpecification;
using Countersign.TestServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.PostgreSql.Tests;

public sealed class GuardTests
{
    private readonly AccountDirectory _accounts = new();

    [Theory]
    [InlineData("synchronous_commit", "off", "synchronous_commit is off")]
    [InlineData("default_transaction_isolation", "serializable", "default_transaction_isolation is \"serializable\"")]
    [InlineData("transaction_read_only", "on", "can only be read")]
    [InlineData("server_encoding", "SQL_ASCII", "encoding is SQL_ASCII")]
    [InlineData("server_version_num", "130022", "PostgreSQL 13;")]
    public void Assert_SettingThatDoesNotDo_SaysWhich(string name, string value, string said)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["server_version_num"] = "150000",
            ["server_encoding"] = "UTF8",
            ["synchronous_commit"] = "on",
            ["default_transaction_isolation"] = "read committed",
            ["transaction_read_only"] = "off",
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
        };
        var scopes = new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>();
        using var database = new StoreDatabase(scopes, typeof(TestContext), StoreProvider.ForPostgreSql);
        var guard = new PostgreSqlGuard(database, NullLogger<PostgreSqlGuard>.Instance);
        guard.Assert(settings);

        settings[name] = value;

        Assert.Contains(said, Assert.Throws<InvalidOperationException>(() => guard.Assert(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DatabaseThatForgetsCommits_IsRefused()
    {
        await using var database = new TestDatabase();
        await database.Database.ExecuteAsync($"ALTER DATABASE {database.Database.Name} SET synchronous_commit = off");
        Npgsql.NpgsqlConnection.ClearAllPools();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(builder => database.AddTo(builder)));

        Assert.Contains("synchronous_commit is off", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoTables_SaysThatTheyAreMissing()
    {
        await using var database = PostgreSqlDatabase.Create();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(builder =>
        {
            builder.Services.AddDbContext<TestContext>(options => options.UseNpgsql(database.ConnectionString));
            builder.AddEntityFrameworkStores<TestContext>().UsePostgreSql();
        }));

        Assert.Contains("lacks Countersign's tables", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>As after an update of the package without the migration that goes with it.</summary>
    [Theory]
    [InlineData("label")]
    [InlineData("cleanup_at")]
    public async Task Start_ColumnMissing_SaysSo(string column)
    {
        await using var database = new TestDatabase();
        await database.ExecuteAsync($"ALTER TABLE countersign_sessions DROP COLUMN {column}");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(builder => database.AddTo(builder)));

        Assert.Contains("lacks Countersign's tables", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_StoresOfTheOtherProvider_NamesTheRightOnes()
    {
        await using var database = new TestDatabase();

        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(builder =>
        {
            builder.Services.AddDbContext<TestContext>(options => options.UseNpgsql(database.ConnectionString));
            builder.AddEntityFrameworkStores<TestContext>();
        }));
        Assert.Contains("UsePostgreSql()", refused.Message, StringComparison.Ordinal);

        var other = await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(static builder =>
        {
            builder.Services.AddDbContext<TestContext>(static options => options.UseSqlite("Data Source=:memory:"));
            builder.AddEntityFrameworkStores<TestContext>().UsePostgreSql();
        }));
        Assert.Contains("Remove the call of UsePostgreSql()", other.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync(Action<CountersignBuilder> addStores)
    {
        var node = await Node.StartAsync(addStores, _accounts, TimeProvider.System, Countersign.Sessions.Keys.MasterKey.Create());
        await node.DisposeAsync();
    }
}
