using System.Data.Common;
using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.StoreSpecification;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.EntityFrameworkCore.Tests.Sqlite;

public sealed class SqliteGuardTests : IDisposable
{
    private readonly SqliteDatabase _database = new();

    public void Dispose() => _database.Remove();

    [Fact]
    public async Task Start_FreshFile_WalAndFullOnEveryConnectionOfTheContext()
    {
        await using var node = await StartAsync(_database.ConnectionString);

        Assert.Equal("wal", await _database.ScalarAsync("PRAGMA journal_mode"));
        await using var scope = node.Get<IServiceScopeFactory>().CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TestContext>();
        var synchronous = await context.Database.SqlQueryRaw<long>("SELECT synchronous AS Value FROM pragma_synchronous").SingleAsync();
        Assert.Equal(2, synchronous);

        // SQLite's own default is FULL too: only the time-out tells that the pragmas are set.
        Assert.Equal(2000, await context.Database.SqlQueryRaw<long>("SELECT timeout AS Value FROM pragma_busy_timeout").SingleAsync());
    }

    [Fact]
    public async Task Start_AppSetsSynchronousLower_RefusedWithTheReason()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Node.StartAsync(
            builder =>
            {
                builder.AddEntityFrameworkStores<TestContext>();
                builder.Services.AddDbContext<TestContext>(options => options.UseSqlite(_database.ConnectionString).AddInterceptors(new Hasty()));
            },
            new AccountDirectory(),
            TimeProvider.System,
            MasterKey.Create()));

        Assert.Contains("synchronous=FULL", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AddDbContext")]
    [InlineData("AddDbContextPool")]
    [InlineData("AddDbContextFactory")]
    [InlineData("AddPooledDbContextFactory")]
    public async Task Start_EachWayToRegisterAContext_WorksWithThePragmas(string registration)
    {
        var accounts = new AccountDirectory();
        accounts.Add("ada");
        await using var node = await Node.StartAsync(
            builder =>
            {
                Register(builder.Services, registration);
                builder.AddEntityFrameworkStores<TestContext>();
            },
            accounts,
            TimeProvider.System,
            MasterKey.Create());
        var tokens = await node.LogInAsync("ada");

        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
        await using var scope = node.Get<IServiceScopeFactory>().CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TestContext>();
        Assert.Equal(2000, await context.Database.SqlQueryRaw<long>("SELECT timeout AS Value FROM pragma_busy_timeout").SingleAsync());
    }

    [Theory]
    [InlineData("countersign_feed_head")]
    [InlineData("countersign_key_state")]
    public async Task Start_RowOfTheModelIsMissing_RefusedWithWhatToDo(string table)
    {
        await _database.ScalarAsync($"DELETE FROM {table}");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(_database.ConnectionString));

        Assert.Contains(table, fault.Message, StringComparison.Ordinal);
        Assert.Contains("migration", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DatabaseInMemory_RefusedWithTheReason()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("Data Source=:memory:"));

        Assert.Contains("WAL", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DatabaseWithoutTheTables_RefusedWithWhatToDo()
    {
        await _database.ScalarAsync("DROP TABLE countersign_sessions");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(_database.ConnectionString));

        Assert.Contains("migration", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ContextWithoutUseCountersign_RefusedWithWhatToCall()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Node.StartAsync(
            builder =>
            {
                builder.Services.AddDbContext<DbContext>(options => options.UseSqlite(_database.ConnectionString));
                builder.AddEntityFrameworkStores<DbContext>();
            },
            new AccountDirectory(),
            TimeProvider.System,
            MasterKey.Create()));

        Assert.Contains("UseCountersign", fault.Message, StringComparison.Ordinal);
    }

    private void Register(IServiceCollection services, string registration)
    {
        void Configure(DbContextOptionsBuilder options) => options.UseSqlite(_database.ConnectionString);
        _ = registration switch
        {
            "AddDbContext" => services.AddDbContext<TestContext>(Configure),
            "AddDbContextPool" => services.AddDbContextPool<TestContext>(Configure),
            "AddDbContextFactory" => services.AddDbContextFactory<TestContext>(Configure),
            _ => services.AddPooledDbContextFactory<TestContext>(Configure),
        };
    }

    private static Task<Node> StartAsync(string connectionString) => Node.StartAsync(
        builder =>
        {
            builder.Services.AddDbContext<TestContext>(options => options.UseSqlite(connectionString));
            builder.AddEntityFrameworkStores<TestContext>();
        },
        new AccountDirectory(),
        TimeProvider.System,
        MasterKey.Create());

    private sealed class Hasty : DbConnectionInterceptor
    {
        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = NORMAL";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
