using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.StoreSpecification;
using Microsoft.EntityFrameworkCore;
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

    [Fact]
    public async Task Refresh_AThousandRotationsOfOneSession_OneRow()
    {
        var accounts = new AccountDirectory();
        accounts.Add("ada");
        await using var node = await StartAsync(_database.ConnectionString, accounts, static services => services.Configure<RefreshOptions>(static options => options.Grace = TimeSpan.Zero));
        var tokens = await node.LogInAsync("ada");
        for (var i = 0; i < 1000; i++)
        {
            Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out tokens!, out var error), error?.ToString());
        }

        Assert.Equal(1L, await _database.ScalarAsync("SELECT count(*) FROM countersign_sessions"));
        Assert.Equal(0L, await _database.ScalarAsync("SELECT count(*) FROM countersign_security_events"));
    }

    private static Task<Node> StartAsync(string connectionString, AccountDirectory? accounts = null, Action<IServiceCollection>? configure = null) => Node.StartAsync(
        builder =>
        {
            builder.Services.AddDbContext<TestContext>(options => options.UseSqlite(connectionString));
            builder.AddEntityFrameworkStores<TestContext>();
        },
        accounts ?? new AccountDirectory(),
        TimeProvider.System,
        MasterKey.Create(),
        configure);
}
