using System.Collections.Concurrent;
using System.Data.Common;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.StoreSpecification;
using Countersign.Tokens.Revocation;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace Countersign.EntityFrameworkCore.Tests.Sqlite;

/// <summary>No statement of an ordinary day reads a table that grows from end to end.</summary>
public sealed class SqlitePlanTests : IDisposable
{
    private readonly SqliteDatabase _database = new();

    public void Dispose() => _database.Remove();

    [Fact]
    public async Task EveryStatement_TableThatGrows_FoundByAnIndex()
    {
        var statements = await TraceAsync();
        List<string> scans = [];
        await using var connection = new SqliteConnection(_database.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + statement;
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var step = reader.GetString(3);
                if (step.StartsWith("SCAN", StringComparison.Ordinal) || step.Contains("(rowid<?)", StringComparison.Ordinal))
                {
                    scans.Add($"{step}: {statement}");
                }
            }
        }

        Assert.Empty(scans);
        Assert.Contains(statements, static statement => statement.Contains("countersign_revocations\" WHERE revoked_at", StringComparison.Ordinal));
        Assert.Contains(statements, static statement => statement.Contains("countersign_sessions\" WHERE id", StringComparison.Ordinal));
    }

    /// <summary>Goes through a day of the service, and collects what SQLite is asked.</summary>
    private async Task<IReadOnlyCollection<string>> TraceAsync()
    {
        var accounts = new AccountDirectory();
        accounts.Add("ada");
        var tracer = new Tracer();
        await using var node = await Node.StartAsync(
            builder =>
            {
                builder.Services.AddDbContext<TestContext>(options => options.UseSqlite($"{_database.ConnectionString};Pooling=False").AddInterceptors(tracer));
                builder.AddEntityFrameworkStores<TestContext>();
            },
            accounts,
            TimeProvider.System,
            MasterKey.Create());
        var now = TimeProvider.System.GetUtcNow();
        var tokens = await node.LogInAsync("ada");
        await node.Sessions.RefreshAsync(tokens.RefreshToken);
        await node.Sessions.FindAsync(tokens.Session.Id);
        await node.Sessions.ListAsync("ada", null, 5);
        await node.Sessions.ListAsync("ada", tokens.Session.Id, 5);
        await node.Sessions.RevokeUserAsync("ada", RevocationReason.LoggedOutEverywhere);
        await node.Get<IRevocationFeed>().ReadAsync(0, 10);
        await node.Get<IRevocationFeed>().LoadAsync(now.AddHours(-1));
        await node.Get<IRevocationFeed>().WriteBackAsync(default, new RevocationEntry(0, Guid.CreateVersion7(), RevocationReason.LoggedOut, now));
        var policy = new LockoutPolicy(1, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));
        var (attempts, attempt) = (node.Get<ISignInAttemptStore>(), new SignInAttempt("account:ada", "192.0.2.1", IsStranger: true));
        var reservation = await attempts.ReserveAsync(attempt, policy, now, CancellationToken.None);
        await attempts.ReserveAsync(attempt, policy, now, CancellationToken.None);
        await attempts.GiveBackAsync(attempt, reservation, policy, CancellationToken.None);
        await attempts.TouchAsync(attempt, CancellationToken.None);
        await attempts.SucceedAsync(attempt, policy, CancellationToken.None);
        await attempts.ResetAsync(attempt.Subject, CancellationToken.None);
        await node.Sessions.FindAddressesAsync("ada", CancellationToken.None);
        await CleanUpAsync(node, now);
        return
        [
            .. tracer.Statements.Keys.Where(static statement =>
                Growing.Any(table => statement.Contains(table, StringComparison.Ordinal)) && !statement.Contains("LIMIT 1", StringComparison.Ordinal)),
        ];
    }

    private static async Task CleanUpAsync(Node node, DateTimeOffset now)
    {
        var (store, holder) = (node.Get<ICleanupStore>(), Guid.CreateVersion7());
        Assert.True(await node.Get<ILeaseStore>().TryTakeAsync(ICleanupStore.Lease, holder, now, now.AddMinutes(5), now.AddHours(2), CancellationToken.None));
        foreach (var target in Enum.GetValues<CleanupTarget>())
        {
            Assert.NotNull(await store.RemoveAsync(target, now.AddDays(-90), 1000, holder, now.AddMinutes(5), CancellationToken.None));
        }
    }

    private static readonly string[] Growing =
        ["countersign_sessions", "countersign_revocations", "countersign_sign_in_attempts", "countersign_security_events"];

    private sealed class Tracer : DbConnectionInterceptor
    {
        public ConcurrentDictionary<string, bool> Statements { get; } = new(StringComparer.Ordinal);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            raw.sqlite3_trace(((SqliteConnection)connection).Handle, (_, statement) => Statements.TryAdd(statement.utf8_to_string(), true), null);
            return Task.CompletedTask;
        }
    }
}
