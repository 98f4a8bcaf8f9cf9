using System.Net;
using Countersign.Sessions;
using Countersign.Sessions.Feed;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.StoreSpecification;
using Countersign.TestServer;
using Countersign.Tokens.Revocation;
using Npgsql;

namespace Countersign.PostgreSql.Tests;

/// <summary>
/// What becomes of a node that follows the feed when its connection is cut, goes silent, or its server goes away. By the real clock: the faults are
/// real.
/// </summary>
public sealed class PostgreSqlFeedFaultTests : IAsyncDisposable
{
    private readonly AccountDirectory _accounts = new();
    private readonly string _masterKey = MasterKey.Create();
    private readonly List<Node> _nodes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Follow_ConnectionTerminatedAgainAndAgain_WhatIsRevokedInTheGapArrives()
    {
        await using var database = new TestDatabase();
        var node = await StartAsync(database);
        var other = await StartAsync(database);

        for (var round = 0; round < 50; round++)
        {
            var tokens = await node.LogInAsync("ada");
            var cut = TerminateFeedsAsync(database);
            await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
            await cut;
            await Patience.UntilAsync(() => other.Revocations.TryFind(tokens.Session.Id, out _));
        }

        Assert.True(other.Feed.Connections > 10, $"It connected {other.Feed.Connections} times.");
        await Patience.UntilAsync(() => other.Get<ServiceReadiness>().FindFaults().Count == 0);
    }

    [Fact]
    public async Task Connect_LineAppendedBeforeTheFirstRead_IsTold()
    {
        await using var database = new TestDatabase();
        var node = await StartAsync(database);
        var tokens = await node.LogInAsync("ada");
        await using var connection = await node.Feed.ConnectAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience.Limit);

        await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);

        await connection.WaitAsync(patience.Token);
    }

    [Fact]
    public async Task Wait_LineThatWasToldOfDuringARead_IsNews()
    {
        await using var database = new TestDatabase();
        var node = await StartAsync(database);
        var tokens = await node.LogInAsync("ada");
        await using var connection = await node.Feed.ConnectAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience.Limit);
        await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);

        // What was sent before its answer comes with it.
        await connection.ReadAsync(0, 10, CancellationToken.None);

        await connection.WaitAsync(patience.Token);
    }

    [Fact]
    public async Task Wait_CalledOff_ConnectionIsAsGoodAsBefore()
    {
        await using var database = new TestDatabase();
        var node = await StartAsync(database);
        await using var connection = await node.Feed.ConnectAsync(CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            using var over = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.WaitAsync(over.Token));
            Assert.Equal(0, (await connection.ReadAsync(0, 10, CancellationToken.None)).Head);
        }
    }

    [Fact]
    public async Task WriteBack_WakesTheOtherNodes()
    {
        await using var database = new TestDatabase();
        var node = await StartAsync(database);
        var other = await StartAsync(database);
        var lost = Guid.CreateVersion7();

        await node.Feed.WriteBackAsync(default, new RevocationEntry(0, lost, RevocationReason.LoggedOut, TimeProvider.System.GetUtcNow()));

        await Patience.UntilAsync(() => other.Revocations.TryFind(lost, out _));
    }

    [Fact]
    public async Task Follow_ConnectionsThatAreSilent_GivenUpForOnesThatAreNot()
    {
        await using var database = new TestDatabase();
        await using var proxy = ProxyTo(database);
        var node = await StartAsync(database);
        var other = await StartAsync(database, $"{database.ConnectionString};Port={proxy.Port}");
        var connections = other.Feed.Connections;

        for (var round = 1; round <= 2; round++)
        {
            var tokens = await node.LogInAsync("ada");
            proxy.ForgetConnections();
            await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
            await Patience.UntilAsync(() => other.Revocations.TryFind(tokens.Session.Id, out _));
            Assert.True(other.Feed.Connections >= connections + round);
        }
    }

    [Fact]
    public async Task Follow_WayThatIsSilentForAWhile_NotReadyAndThenAsBefore()
    {
        await using var database = new TestDatabase();
        await using var proxy = ProxyTo(database);
        var node = await StartAsync(database);
        var other = await StartAsync(database, $"{database.ConnectionString};Port={proxy.Port}");
        var known = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(known.Session.Id, RevocationReason.LoggedOut);
        await Patience.UntilAsync(() => other.Revocations.TryFind(known.Session.Id, out _));

        proxy.FallSilent();
        var gap = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(gap.Session.Id, RevocationReason.LoggedOut);
        await Patience.UntilAsync(() => other.Get<ServiceReadiness>().FindFaults().Count > 0);
        Assert.True(other.Revocations.TryFind(known.Session.Id, out _));

        proxy.ForgetConnections();
        await Patience.UntilAsync(() => other.Revocations.TryFind(gap.Session.Id, out _) && other.Get<ServiceReadiness>().FindFaults().Count == 0);
    }

    [Fact]
    public async Task Follow_ServerKilledAndStartedAgain_GoesOnWithoutHelp()
    {
        await using var cluster = await TestPostgreSql.StartAsync();
        await using var database = new TestDatabase(cluster.ConnectionString);
        var node = await StartAsync(database);
        var other = await StartAsync(database);
        var before = await node.LogInAsync("ada");
        await node.Sessions.RevokeAsync(before.Session.Id, RevocationReason.LoggedOut);
        await Patience.UntilAsync(() => other.Revocations.TryFind(before.Session.Id, out _));

        await cluster.KillAsync();
        await cluster.StartAgainAsync();
        NpgsqlConnection.ClearAllPools();

        await Patience.UntilAsync(() => other.Get<ServiceReadiness>().FindFaults().Count == 0 && other.Feed.Connections > 1);
        var after = await AttemptAsync(() => node.LogInAsync("ada"));
        await AttemptAsync(() => node.Sessions.RevokeAsync(after.Session.Id, RevocationReason.LoggedOut));
        await Patience.UntilAsync(() => other.Revocations.TryFind(after.Session.Id, out _));
        Assert.True(other.Revocations.TryFind(before.Session.Id, out _));
    }

    [Fact]
    public async Task Read_DatabaseTime_IsTheDatabasesClock()
    {
        await using var database = new TestDatabase();
        var node = await StartAsync(database);
        await using var inner = await new Feed.PostgreSqlRevocationFeed(node.Get<EntityFrameworkCore.Stores.StoreDatabase>())
            .ConnectAsync(CancellationToken.None);

        var before = await database.Database.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        var page = await inner.ReadAsync(0, 10, CancellationToken.None);
        var after = await database.Database.ScalarAsync<DateTime>("SELECT clock_timestamp()");

        Assert.InRange(page.DatabaseTime!.Value.UtcDateTime, before.ToUniversalTime(), after.ToUniversalTime());
    }

    [Fact]
    public async Task Load_LongHistory_IsNotReadFromEndToEnd()
    {
        await using var database = new TestDatabase();
        var node = await StartAsync(database, $"{database.ConnectionString};Pooling=false");
        await database.Database.ExecuteAsync(
            """
            INSERT INTO countersign_revocations (seq, session_id, reason, revoked_at) SELECT n, gen_random_uuid(), 1, n FROM generate_series(1, 200000) n;
            UPDATE countersign_feed_head SET seq = 200000;
            ANALYZE countersign_revocations
            """);
        var (passed, found) = (await CountAsync("seq_tup_read"), await CountAsync("idx_scan"));

        Assert.Empty((await node.Feed.LoadAsync(DateTimeOffset.UnixEpoch)).Entries);
        Assert.Equal(2, (await node.Feed.ReadAsync(199_998)).Entries.Count);
        await node.Feed.WriteBackAsync(default, new RevocationEntry(0, Guid.CreateVersion7(), RevocationReason.LoggedOut, DateTimeOffset.UnixEpoch));

        // The server counts when a connection ends, or a while after: what the start read of the empty table, too.
        await Patience.UntilAsync(async () => await CountAsync("idx_scan") >= found + 3);
        Assert.InRange(await CountAsync("seq_tup_read") - passed, 0, 1000);

        Task<long> CountAsync(string what) =>
            database.Database.ScalarAsync<long>($"SELECT {what} FROM pg_stat_user_tables WHERE relname = 'countersign_revocations'");
    }

    private static async Task TerminateFeedsAsync(TestDatabase database) => await database.Database.ExecuteAsync(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND (query LIKE 'LISTEN%' OR query LIKE '%clock_timestamp%' OR query LIKE '%ORDER BY revoked_at%' OR query LIKE '%ORDER BY seq%')
        """);

    private static SilentProxy ProxyTo(TestDatabase database)
    {
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        return new SilentProxy(new IPEndPoint(IPAddress.Parse(server.Host!), server.Port));
    }

    /// <summary>Again until it is not refused: the writer's connection recovers as well.</summary>
    private static async Task<TResult> AttemptAsync<TResult>(Func<Task<TResult>> attempt)
    {
        TResult? result = default;
        await Patience.UntilAsync(async () =>
        {
            try
            {
                result = await attempt();
                return true;
            }
            catch (SessionsUnavailableException)
            {
                return false;
            }
        });
        return result!;
    }

    private async Task<Node> StartAsync(TestDatabase database, string? connectionString = null)
    {
        _accounts.Add("ada");
        var node = await Node.StartAsync(builder => database.AddTo(builder, connectionString), _accounts, TimeProvider.System, _masterKey);
        _nodes.Add(node);
        return node;
    }
}
