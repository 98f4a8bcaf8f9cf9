using System.Data.Common;
using Countersign.Sessions;
using Countersign.StoreSpecification;
using Countersign.TestServer;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Countersign.PostgreSql.Tests;

/// <summary>What the database does to a node when it fails in its own ways.</summary>
public sealed class FaultTests : PostgreSqlSuite
{
    private string? _connectionString;

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task Refresh_TransactionChosenAsAVictimOnce_IsTriedAgain(string state)
    {
        var (node, tokens) = await StartAsync();
        await FailUpdatesAsync(state, until: 1);

        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out var next, out _));

        Assert.Equal(2, next.RefreshGeneration);
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("53100")]
    [InlineData("57014")]
    [InlineData("25006")]
    public async Task Refresh_WriteFails_UnavailableAndTheTokenStaysGood(string state)
    {
        var (node, tokens) = await StartAsync();
        await FailUpdatesAsync(state, until: 1000);

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));

        await ExecuteAsync("DROP TRIGGER fail ON countersign_sessions");
        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out var next, out _));
        Assert.Equal(2, next.RefreshGeneration);
    }

    [Fact]
    public async Task Refresh_EveryConnectionEndedByTheServer_GoesOnWithOthers()
    {
        var (node, tokens) = await StartAsync();

        await EndConnectionsAsync();

        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
    }

    [Fact]
    public async Task Refresh_DatabaseReadOnly_UnavailableAndGoesOnAfterwards()
    {
        var (node, tokens) = await StartAsync();
        await SetAsync("default_transaction_read_only = on");
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));
        Assert.NotNull(await node.Sessions.FindAsync(tokens.Session.Id));

        await SetAsync("default_transaction_read_only = off");

        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);

        async Task SetAsync(string setting)
        {
            Database.Database.ExecuteInCluster($"ALTER DATABASE {Database.Name} SET {setting}");
            await EndConnectionsAsync();
        }
    }

    [Fact]
    public async Task Refresh_ConnectionCutAfterTheCommit_TheRetryGetsTheSameSuccessor()
    {
        var address = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        await using var proxy = new CuttingProxy(address.Port);
        address.Port = proxy.Port;
        _connectionString = address.ToString();
        var (node, tokens) = await StartAsync();
        Assert.True((await node.Sessions.RefreshAsync((await node.LogInAsync("ada")).RefreshToken)).Succeeded);

        // Accounts are not in the database here: the first answer is that of what was loaded, the second that of the commit.
        proxy.CutAfter(answers: 1);
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));
        Assert.Equal(2L, await Database.ScalarAsync<int>($"SELECT generation FROM countersign_sessions WHERE id = '{tokens.Session.Id}'"));

        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out var first, out _));
        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out var second, out _));
        Assert.Equal(2, first.RefreshGeneration);
        Assert.Equal(first.RefreshToken, second.RefreshToken);
    }

    [Fact]
    public async Task Pool_Exhausted_ReadsFailAndTheWriterGoesOn()
    {
        _connectionString = Database.ConnectionString + ";Maximum Pool Size=4;Timeout=4";
        var (node, tokens) = await StartAsync();
        List<NpgsqlConnection> others = [];
        try
        {
            // The pool is the node's own: the connection string is the same. Of the four connections one is the writer's and one the feed's.
            while (others.Count < 2)
            {
                var other = new NpgsqlConnection(_connectionString);
                others.Add(other);
                await other.OpenAsync();
            }

            var failure = await Assert.ThrowsAnyAsync<Exception>(() => node.Sessions.FindAsync(tokens.Session.Id));
            Assert.True(failure is DbException || failure.InnerException is DbException, failure.ToString());
            Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
        }
        finally
        {
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }

        Assert.NotNull(await node.Sessions.FindAsync(tokens.Session.Id));
    }

    [Fact]
    public async Task Pool_ExhaustedAndATransactionFails_TheWriterKeepsItsConnection()
    {
        _connectionString = Database.ConnectionString + ";Maximum Pool Size=4;Timeout=4";
        var (node, tokens) = await StartAsync();
        await FailUpdatesAsync("55P03", until: 1);
        List<NpgsqlConnection> others = [];
        List<Task> opening = [];
        try
        {
            // Two take the rest of the pool, the third waits for whatever is given back.
            while (others.Count < 3)
            {
                others.Add(new NpgsqlConnection(_connectionString));
                opening.Add(others[^1].OpenAsync());
            }

            await Task.WhenAll(opening.Take(2));
            await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));
            Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
            await Assert.ThrowsAsync<NpgsqlException>(() => opening[2]);
        }
        finally
        {
            // Whatever becomes of them: one that is opening can not be closed.
            await Task.WhenAny(Task.WhenAll(opening));
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }
    }

    protected override void AddStores(CountersignBuilder builder) => Database.AddTo(builder, _connectionString);

    private async Task<(Node Node, SessionTokens Tokens)> StartAsync()
    {
        Accounts.Add("ada");
        var node = await StartNodeAsync();
        return (node, await node.LogInAsync("ada"));
    }

    private Task EndConnectionsAsync() => ExecuteAsync(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    /// <summary>Lets updates of sessions fail with a state, so many times in all: what a sequence has given is not taken back.</summary>
    private Task FailUpdatesAsync(string state, int until) => ExecuteAsync(
        $"""
         CREATE SEQUENCE failures;
         CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF nextval('failures') <= {until} THEN RAISE EXCEPTION 'as asked' USING ERRCODE = '{state}'; END IF; RETURN NEW; END $$;
         CREATE TRIGGER fail BEFORE UPDATE ON countersign_sessions FOR EACH ROW EXECUTE FUNCTION fail();
         """);
}
