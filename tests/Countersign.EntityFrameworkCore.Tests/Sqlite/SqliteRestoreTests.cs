using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.StoreSpecification;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.EntityFrameworkCore.Tests.Sqlite;

/// <summary>A database file that was copied, went on, and was replaced by its copy.</summary>
public sealed class SqliteRestoreTests : IDisposable
{
    private readonly SqliteDatabase _database = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly AccountDirectory _accounts = new();
    private readonly string _master = MasterKey.Create();

    public void Dispose() => _database.Remove();

    [Fact]
    public async Task Refresh_SeveralRotationsAfterTheBackup_RefusedUnlessAccepted()
    {
        var (latest, onceAfter, point) = await GoOnAndRestoreAsync();

        // One rotation is what a failover loses: that is mended without a setting.
        await using (var node = await StartAsync())
        {
            Assert.Equal(RefreshError.SessionAhead, (await node.Sessions.RefreshAsync(latest)).Error());
        }

        await using (var node = await StartAsync(options => (options.RestorePoint, options.AcceptUntil) = (point, _time.GetUtcNow().AddDays(7))))
        {
            Assert.Equal(6, (await node.Sessions.RefreshAsync(latest)).Pair().RefreshGeneration);

            // Whoever holds an older token of the lost time is behind again, as ever.
            _time.Advance(TimeSpan.FromSeconds(61));
            Assert.Equal(RefreshError.Reused, (await node.Sessions.RefreshAsync(onceAfter)).Error());
        }
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(0, null)]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 366)]
    public async Task Start_AcceptWithoutBothDatesInOrder_Refused(int? pointDays, int? untilDays)
    {
        var fault = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(options =>
        {
            options.RestorePoint = pointDays is { } point ? _time.GetUtcNow().AddDays(point) : null;
            options.AcceptUntil = untilDays is { } until ? _time.GetUtcNow().AddDays(until) : null;
        }));

        Assert.Contains(pointDays is null ? "Auth:Refresh:RestorePoint is missing" : "Auth:Refresh:AcceptUntil", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Takes the backup at generation 2, goes on to generation 6, and puts the backup back.</summary>
    private async Task<(string Latest, string OnceAfter, DateTimeOffset Point)> GoOnAndRestoreAsync()
    {
        _accounts.Add("ada");
        var file = new SqliteConnectionStringBuilder(_database.ConnectionString).DataSource;
        string current;
        string onceAfter;
        DateTimeOffset point;
        await using (var node = await StartAsync())
        {
            current = (await node.LogInAsync("ada")).RefreshToken;
            current = await NextAsync(node, current);
            point = _time.GetUtcNow();
            await _database.ScalarAsync($"VACUUM INTO '{file}.backup'");
            onceAfter = current = await NextAsync(node, current);
            for (var i = 0; i < 3; i++)
            {
                current = await NextAsync(node, current);
            }
        }

        SqliteConnection.ClearAllPools();
        File.Delete(file + "-wal");
        File.Delete(file + "-shm");
        File.Copy(file + ".backup", file, overwrite: true);
        Assert.Equal(2L, await _database.ScalarAsync("SELECT generation FROM countersign_sessions"));
        return (current, onceAfter, point);
    }

    private async Task<string> NextAsync(Node node, string token)
    {
        _time.Advance(TimeSpan.FromSeconds(61));
        return (await node.Sessions.RefreshAsync(token)).Pair().RefreshToken;
    }

    /// <summary>Starts a node; with <paramref name="accept"/> one that takes tokens of after the backup.</summary>
    private Task<Node> StartAsync(Action<CountersignRefreshOptions>? accept = null) => Node.StartAsync(
        _database.AddTo,
        _accounts,
        _time,
        _master,
        services =>
        {
            if (accept is not null)
            {
                services.Configure<CountersignRefreshOptions>(static options => options.AfterRestore = AfterRestoreBehavior.Accept);
                services.Configure(accept);
            }
        });
}
