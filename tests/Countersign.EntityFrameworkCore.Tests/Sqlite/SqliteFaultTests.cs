using System.Diagnostics;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.StoreSpecification;
using Countersign.Tokens.Revocation;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.EntityFrameworkCore.Tests.Sqlite;

/// <summary>What the stores do when a transaction breaks off, or another process holds the file.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    private static readonly SignInAttempt Attempt = new("account:ada", "192.0.2.1", IsStranger: true);
    private static readonly LockoutPolicy Policy = new(10, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));

    private readonly SqliteDatabase _database = new();
    private readonly AccountDirectory _accounts = new();
    private Node _node = null!;

    public async ValueTask InitializeAsync()
    {
        _accounts.Add("ada");
        _node = await Node.StartAsync(_database.AddTo, _accounts, TimeProvider.System, MasterKey.Create());
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _database.Remove();
    }

    [Fact]
    public async Task Run_BreaksOffAfterAWrite_NothingIsWrittenAndTheLockIsFree()
    {
        var changes = new SessionChanges();
        changes.Revocations.Add(new RevocationEntry(0, Guid.CreateVersion7(DateTimeOffset.UnixEpoch), RevocationReason.LoggedOut, DateTimeOffset.UnixEpoch));

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => _node.Store.RunAsync(
            async (transaction, cancellationToken) =>
            {
                await transaction.SaveAsync(changes, cancellationToken);
                throw new TimeZoneNotFoundException();
            },
            CancellationToken.None));

        using (await LockAsync())
        {
            Assert.Equal(0L, await _database.ScalarAsync("SELECT count(*) FROM countersign_revocations"));
        }

        Assert.Equal(0, (await _node.Get<IRevocationFeed>().LoadAsync(DateTimeOffset.MinValue)).Head);
        await _node.LogInAsync("ada");
    }

    [Fact]
    public async Task Write_FileLockedByAnotherProcess_FailsSoonAndGoesOnAfterwards()
    {
        var tokens = await _node.LogInAsync("ada");
        var reservations = _node.Get<ISignInAttemptStore>();
        using (await LockAsync())
        {
            var began = Stopwatch.GetTimestamp();
            List<Task> waiting = [];
            for (var i = 0; i < 6; i++)
            {
                waiting.Add(Task.Run(() => Assert.ThrowsAnyAsync<Exception>(() =>
                    reservations.ReserveAsync(Attempt, Policy, DateTimeOffset.UnixEpoch, CancellationToken.None))));
            }

            waiting.Add(Assert.ThrowsAsync<SessionsUnavailableException>(() => _node.Sessions.RefreshAsync(tokens.RefreshToken)));
            await Task.WhenAll(waiting);

            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }

        Assert.True((await reservations.ReserveAsync(Attempt, Policy, DateTimeOffset.UnixEpoch, CancellationToken.None)).MayGoOn);
        Assert.True((await _node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
    }

    /// <summary>As while everybody's sessions are ended, which may take minutes.</summary>
    [Fact]
    public async Task Refresh_AnotherWriterOfTheProcessHoldsTheTurn_Unavailable()
    {
        var tokens = await _node.LogInAsync("ada");
        using (await _node.Get<StoreDatabase>().EnterWriterAsync(Timeout.InfiniteTimeSpan, CancellationToken.None))
        {
            await Assert.ThrowsAsync<SessionsUnavailableException>(() => _node.Sessions.RefreshAsync(tokens.RefreshToken));
        }

        Assert.True((await _node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
    }

    [Fact]
    public async Task RevokeAll_InsideATransactionOfTheApp_FailsSoonAndBothGoOn()
    {
        var tokens = await _node.LogInAsync("ada");
        await using var scope = _node.Get<IServiceScopeFactory>().CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TestContext>();
        await using (var transaction = await context.Database.BeginTransactionAsync())
        {
            await Assert.ThrowsAsync<SessionsUnavailableException>(() => _node.Sessions.RevokeUserAsync("ada", RevocationReason.LoggedOutEverywhere));
            await context.Database.ExecuteSqlRawAsync("UPDATE countersign_sessions SET label = 'desk'");
            await transaction.CommitAsync();
        }

        Assert.Equal("desk", (await _node.Sessions.FindAsync(tokens.Session.Id))!.Label);
        Assert.Equal(1, await _node.Sessions.RevokeUserAsync("ada", RevocationReason.LoggedOutEverywhere));
    }

    /// <summary>Takes the write lock as another process would; it goes with the connection.</summary>
    private async Task<SqliteConnection> LockAsync()
    {
        var connection = new SqliteConnection($"{_database.ConnectionString};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.CommandTimeout = 1;
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
