using Countersign.Sessions;
using Countersign.Sessions.Rotation;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>What keeps an account's sessions few and a session small, on every store.</summary>
public abstract class GrowthSpecification(ITestDatabase database) : StoreSuite(database)
{
    private static readonly string[] Tables =
    [
        "countersign_sessions", "countersign_revocations", "countersign_feed_head", "countersign_keys", "countersign_key_state", "countersign_sign_in_attempts",
        "countersign_security_events",
    ];

    [Fact]
    public async Task Refresh_AThousandRotations_OneRowAndNoTableGrows()
    {
        // Without a grace a generation stands for no time, so that each refresh rotates; by the real clock, for the same reason.
        var node = await StartNodeAsync(
            TimeProvider.System, static services => services.Configure<CountersignRefreshOptions>(static options => options.Grace = TimeSpan.Zero));
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        var before = await CountAllAsync();

        for (var i = 0; i < 1000; i++)
        {
            tokens = (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
        }

        Assert.Equal(1001, tokens.RefreshGeneration);
        Assert.Equal(1, await CountRowsAsync("countersign_sessions", "generation = 1001"));
        Assert.Equal(before, await CountAllAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Start_ParallelLoginsOnTwoNodes_NeverMoreThanTheLimit(int limit)
    {
        Node[] nodes = [await StartLimitedAsync(limit), await StartLimitedAsync(limit)];
        Accounts.Add("ada");

        for (var round = 1; round <= 10; round++)
        {
            var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => nodes[i % 2].LogInAsync("ada"))));

            var live = await nodes[0].Sessions.ListAsync("ada", null, 100);
            Assert.Equal(limit, live.Count);
            Assert.Equal(limit, await CountRowsAsync("countersign_sessions", "revoked_at IS NULL"));
            Assert.Equal(8 * round - limit, await CountRowsAsync("countersign_revocations", "1 = 1"));
            Assert.Subset(started.Select(static tokens => tokens.Session.Id).ToHashSet(), live.Select(static session => session.Id).ToHashSet());
            foreach (var tokens in started)
            {
                var goesOn = (await nodes[1].Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out _, out var error);
                Assert.Equal(live.Any(session => session.Id == tokens.Session.Id), goesOn);
                Assert.True(goesOn || error == RefreshError.SessionLimit, error?.ToString());
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private Task<Node> StartLimitedAsync(int limit) =>
        StartNodeAsync(services => services.Configure<CountersignSessionOptions>(options => options.MaxPerUser = limit));

    private async Task<IReadOnlyList<long>> CountAllAsync()
    {
        List<long> counts = [];
        foreach (var table in Tables)
        {
            counts.Add(await CountRowsAsync(table, "1 = 1"));
        }

        return counts;
    }
}
