using Countersign.Sessions;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.StoreSpecification;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Countersign.PostgreSql.Tests;

/// <summary>What several nodes do to each other on one database, and other transactions to them.</summary>
public sealed class NodesTests : PostgreSqlSuite
{
    [Fact]
    public async Task Refresh_OneTokenOnTwoNodesAtOnce_OneSuccessorForAll()
    {
        Node[] nodes = [await StartNodeAsync(), await StartNodeAsync()];
        Accounts.Add("ada");
        for (var round = 0; round < 50; round++)
        {
            var tokens = await nodes[0].LogInAsync("ada");
            Time.Advance(TimeSpan.FromMinutes(5));

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => nodes[i % 2].Sessions.RefreshAsync(tokens.RefreshToken))));

            var successors = answers.Select(static answer => answer.TryGetTokens(out var next, out var error) ? next.RefreshToken : error.ToString()!);
            Assert.Single(successors.Distinct(StringComparer.Ordinal));
            var row = await nodes[1].Sessions.FindAsync(tokens.Session.Id);
            Assert.Equal((2, (DateTimeOffset?)null), (row!.State.Generation, row.State.RevokedAt));
        }
    }

    [Fact]
    public async Task Refresh_RowLockedByAnotherTransaction_WaitsAndTheRestGoesOn()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var held = await node.LogInAsync("ada");
        var free = await node.LogInAsync("ada");
        Time.Advance(TimeSpan.FromMinutes(5));
        await using var other = await LockAsync(held.Session.Id);

        var waiting = node.Sessions.RefreshAsync(held.RefreshToken);
        Assert.True((await node.Sessions.RefreshAsync(free.RefreshToken)).Succeeded);
        Assert.False(waiting.IsCompleted);
        await other.CloseAsync();

        Assert.True((await waiting).TryGetTokens(out var next, out _));
        Assert.Equal(2, next.RefreshGeneration);
    }

    /// <summary>A command works beside a server that is using the session at the moment, and has no loop that tries again.</summary>
    [Fact]
    public async Task Revoke_BeforeTheHostStartsAndTheRowIsLocked_WaitsForIt()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var held = await node.LogInAsync("ada");
        var command = await StartNodeAsync(static services => services.RemoveAll<IHostedService>());
        await using var other = await LockAsync(held.Session.Id);

        var waiting = command.Sessions.RevokeAsync(held.Session.Id, RevocationReason.Administrator);
        for (var turn = 0; turn < 10; turn++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(20);
        }

        Assert.False(waiting.IsCompleted);
        await other.CloseAsync();
        await AdvanceUntilAsync(() => waiting.IsCompleted);

        Assert.True(await waiting);
    }

    [Fact]
    public async Task Refresh_RowLockedForTooLong_RefusedAndNeverDecided()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var held = await node.LogInAsync("ada");
        await using var other = await LockAsync(held.Session.Id);

        var waiting = node.Sessions.RefreshAsync(held.RefreshToken);
        await AdvanceUntilAsync(() => waiting.IsCompleted);
        await other.CloseAsync();

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => waiting);
        Assert.Equal(1, (await node.Sessions.FindAsync(held.Session.Id))!.State.Generation);
    }

    /// <summary>A refresh in the last moment of a session commits after the clean-up has chosen the row: the row is alive, and stays.</summary>
    [Theory]
    [InlineData(nameof(CleanupTarget.ExpiredSessions), "idle_expires_at")]
    [InlineData(nameof(CleanupTarget.SignInAttempts), "blocked_until")]
    public async Task Remove_RowThatIsRefreshedMeanwhile_Stays(string name, string column)
    {
        var target = Enum.Parse<CleanupTarget>(name);
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        await node.LogInAsync("ada");
        await ExecuteAsync(
            "INSERT INTO countersign_sign_in_attempts (subject, origin, failures, blocked_until, updated_at) " +
            "VALUES ('account:ada', '192.0.2.1', 1, 1, 1)");
        var table = target == CleanupTarget.ExpiredSessions ? "countersign_sessions" : "countersign_sign_in_attempts";
        var (cleanup, holder, now) = (node.Get<ICleanupStore>(), Guid.CreateVersion7(Time.GetUtcNow()), Time.GetUtcNow());
        Assert.True(await node.Get<ILeaseStore>().TryTakeAsync(ICleanupStore.Lease, holder, now, now.AddMinutes(5), now.AddHours(2), CancellationToken.None));
        var before = now.AddDays(8);
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; UPDATE {table} SET {column} = {before.AddDays(1).UtcTicks}", other);
        await command.ExecuteNonQueryAsync();

        var removing = cleanup.RemoveAsync(target, before, 10, holder, now.AddMinutes(5), CancellationToken.None);
        while (await Database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0)
        {
            await Task.Delay(10);
        }

        command.CommandText = "COMMIT";
        await command.ExecuteNonQueryAsync();

        Assert.Equal(new CleanupBatch(0, HasMore: false), await removing);
        Assert.Equal(1, await CountRowsAsync(table, "1 = 1"));
    }

    /// <summary>Sessions that are in use wait for nobody's transaction, whose row the clean-up leaves for the next round.</summary>
    [Fact]
    public async Task Remove_LiveRowLockedByAnotherTransaction_WaitsForNoneAndLeavesIt()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var held = await node.LogInAsync("ada");
        await node.LogInAsync("ada");
        await ExecuteAsync("UPDATE countersign_sessions SET cleanup_at = 1");
        var (cleanup, holder, now) = (node.Get<ICleanupStore>(), Guid.CreateVersion7(Time.GetUtcNow()), Time.GetUtcNow());
        Assert.True(await node.Get<ILeaseStore>().TryTakeAsync(ICleanupStore.Lease, holder, now, now.AddMinutes(5), now.AddHours(2), CancellationToken.None));
        await using var other = await LockAsync(held.Session.Id);

        Assert.Equal(
            new CleanupBatch(0, HasMore: false),
            await cleanup.RemoveAsync(CleanupTarget.ExpiredSessions, now, 10, holder, now.AddMinutes(5), CancellationToken.None));

        Assert.Equal(1, await CountRowsAsync("countersign_sessions", "cleanup_at = idle_expires_at"));
        Assert.Equal(1, await CountRowsAsync("countersign_sessions", "cleanup_at = 1"));
    }

    /// <summary>A new version of the row beside the old one, and no entry in any index: what PostgreSQL calls HOT.</summary>
    [Fact]
    public async Task Refresh_AgainAndAgain_MovesNoIndex()
    {
        var node = await StartNodeAsync(static services => services.Configure<CountersignRefreshOptions>(static options => options.Grace = TimeSpan.Zero));
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        long updates = 0;
        while (updates < 100)
        {
            // The figures come once a second, from a connection that does something.
            Time.Advance(TimeSpan.FromMilliseconds(1));
            tokens = (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
            updates = await Database.ScalarAsync<long>("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'countersign_sessions'");
        }

        var beside = await Database.ScalarAsync<long>("SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'countersign_sessions'");
        Assert.True(beside >= updates * 9 / 10, $"{beside} of {updates} updates left the indexes alone.");
    }

    [Fact]
    public async Task RevokeAll_OneOfTheRowsLocked_WaitsAndRevokesAll()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var held = await node.LogInAsync("ada");
        await node.LogInAsync("ada");
        await using var other = await LockAsync(held.Session.Id);

        var waiting = node.Sessions.RevokeUserAsync("ada", RevocationReason.LoggedOut);
        Accounts.Add("bob");
        Assert.NotNull(await node.LogInAsync("bob"));
        Assert.False(waiting.IsCompleted);
        await other.CloseAsync();

        Assert.Equal(2, await waiting);
    }

    [Fact]
    public async Task Revoke_OnTwoNodesAtOnce_NumbersWithoutAGap()
    {
        Node[] nodes = [await StartNodeAsync(), await StartNodeAsync()];
        Accounts.Add("ada");
        var logins = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => nodes[i % 2].LogInAsync("ada"))));

        await Task.WhenAll(logins.Select((login, i) => Task.Run(() => nodes[i % 2].Sessions.RevokeAsync(login.Session.Id, RevocationReason.LoggedOut))));

        Assert.Equal(40, await CountRowsAsync("countersign_revocations", "seq BETWEEN 1 AND 40"));
        Assert.Equal(40L, await Database.ScalarAsync<long>("SELECT seq FROM countersign_feed_head"));
    }

    [Fact]
    public async Task Revoke_Listener_IsWokenByTheCommit()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        await using var listener = new NpgsqlConnection(Database.ConnectionString);
        await listener.OpenAsync();
        await using (var listen = new NpgsqlCommand($"LISTEN {PostgreSqlProvider.FeedChannel}", listener))
        {
            await listen.ExecuteNonQueryAsync();
        }

        await node.Sessions.RefreshAsync(tokens.RefreshToken);
        await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);

        Assert.True(await listener.WaitAsync(Patience.Limit));
        Assert.Equal(1, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task Transaction_OfTheWriter_IsDurableWhateverIsConfigured()
    {
        await ExecuteAsync(
            $"""
             ALTER DATABASE {Database.Name} SET synchronous_commit = local;
             CREATE TABLE seen (setting text);
             CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
             CREATE TRIGGER see AFTER INSERT OR UPDATE ON countersign_sessions FOR EACH ROW EXECUTE FUNCTION see();
             """);
        NpgsqlConnection.ClearAllPools();
        var node = await StartNodeAsync();
        Accounts.Add("ada");

        await node.LogInAsync("ada");

        Assert.Equal("on", await Database.ScalarAsync<string>("SELECT string_agg(DISTINCT setting, ',') FROM seen"));
        Assert.Equal("local", await Database.ScalarAsync<string>("SELECT current_setting('synchronous_commit')"));
    }

    [Fact]
    public async Task LoadAsync_Always_GivesTheVersionOfTheKeyTable()
    {
        var node = await StartNodeAsync();
        await ExecuteAsync("UPDATE countersign_key_state SET version = 77");

        LoadedSessions? loaded = null;
        await node.Store.RunAsync(
            async (transaction, token) => loaded = await transaction.LoadAsync([Guid.Empty], ["nobody"], [], Time.GetUtcNow(), token), default);

        Assert.Equal(77, loaded!.KeyVersion);
        Assert.Empty(loaded.Sessions);
        Assert.Empty(loaded.BusyIds);
        Assert.Empty(Assert.Single(loaded.LiveByUser).Value);
    }

    /// <summary>Locks a session's row, as another node's transaction does, until the connection is closed.</summary>
    private async Task<NpgsqlConnection> LockAsync(Guid id)
    {
        var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; UPDATE countersign_sessions SET label = label WHERE id = '{id}'", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
