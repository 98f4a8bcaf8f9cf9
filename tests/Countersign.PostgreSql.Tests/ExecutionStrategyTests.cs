using System.Collections.Concurrent;
using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.StoreSpecification;
using Countersign.Tokens.Revocation;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Countersign.PostgreSql.Tests;

/// <summary>A context with an execution strategy that tries everything again, and where it must not.</summary>
public sealed class ExecutionStrategyTests : PostgreSqlSuite
{
    private readonly ConcurrentQueue<Exception> _retried = new();
    private string? _connectionString;

    [Fact]
    public async Task Rotate_ConnectionCutAtTheCommit_UnavailableAndDoneOnce()
    {
        await using var proxy = StartProxy();
        var node = await StartNodeAsync();
        var before = (await node.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Version;

        proxy.CutAtCommit();
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Get<KeyService>().RotateAsync(KeyUse.AccessToken, force: true));

        Assert.Equal(before + 1, (await node.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Version);
        Assert.Empty(_retried);
    }

    [Fact]
    public async Task RevokeEveryone_ConnectionCutAtTheCommit_UnavailableAndDoneOnce()
    {
        await using var proxy = StartProxy();
        var node = await StartNodeAsync();

        proxy.CutAtCommit();
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RevokeAllUsersAsync(RevocationReason.Administrator));

        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT epoch FROM countersign_feed_head"));
        Assert.Equal(1, await CountRowsAsync("countersign_security_events", "kind = 'everyone_revoked'"));
        Assert.Empty(_retried);
    }

    /// <summary>The server has rolled it back and says so: that it is tried again is the app's choice.</summary>
    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task RevokeEveryone_TransactionThatIsAVictimAtTheCommit_IsTriedAgain(string state)
    {
        var node = await StartNodeAsync();
        await ExecuteAsync(
            $"""
             CREATE SEQUENCE failures;
             CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               IF nextval('failures') = 1 THEN RAISE EXCEPTION 'as asked' USING ERRCODE = '{state}'; END IF; RETURN NULL; END $$;
             CREATE CONSTRAINT TRIGGER fail AFTER UPDATE ON countersign_feed_head DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
             """);

        Assert.Equal(0, await node.Sessions.RevokeAllUsersAsync(RevocationReason.Administrator));

        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT epoch FROM countersign_feed_head"));
        Assert.Equal(state, Assert.IsType<PostgresException>(Assert.Single(_retried)).SqlState);
    }

    [Fact]
    public async Task Refresh_DatabaseThatCanNotBeReached_TheWriterAsksNoStrategy()
    {
        Accounts.Add("ada");
        var proxy = StartProxy();
        SessionTokens tokens;
        Node node;
        await using (proxy)
        {
            node = await StartNodeAsync();
            tokens = await node.LogInAsync("ada");
        }

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));

        Assert.Empty(_retried);
    }

    protected override void AddStores(CountersignBuilder builder) => Database.AddTo(
        builder, _connectionString, options => options.ExecutionStrategy(dependencies => new AlwaysAgain(dependencies, _retried)));

    private CuttingProxy StartProxy()
    {
        var address = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        var proxy = new CuttingProxy(address.Port);
        address.Port = proxy.Port;
        _connectionString = address.ToString();
        return proxy;
    }

    private sealed class AlwaysAgain(ExecutionStrategyDependencies dependencies, ConcurrentQueue<Exception> retried)
        : ExecutionStrategy(dependencies, maxRetryCount: 3, maxRetryDelay: TimeSpan.Zero)
    {
        protected override bool ShouldRetryOn(Exception exception)
        {
            // What says how it stands with the work is none of a strategy's business.
            if (exception is not NpgsqlException)
            {
                return false;
            }

            retried.Enqueue(exception);
            return true;
        }
    }
}
