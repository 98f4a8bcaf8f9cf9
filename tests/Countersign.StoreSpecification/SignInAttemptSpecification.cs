using Countersign.Sessions.Stores;

namespace Countersign.StoreSpecification;

/// <summary>What reservations of guesses do on every store.</summary>
public abstract class SignInAttemptSpecification(ITestDatabase database) : StoreSuite(database)
{
    private static readonly GuessPolicy Policy = new(10, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));

    [Fact]
    public async Task TryReserve_TwoHundredAtOnce_NoMoreThanTheFreeOnesGoOn()
    {
        var store = (await StartNodeAsync()).Get<ISignInAttemptStore>();
        var now = Time.GetUtcNow();

        var blocks = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => store.TryReserveAsync("ada", Policy, now, CancellationToken.None))));

        Assert.Equal(10, blocks.Count(static block => block is null));
        Assert.All(blocks.OfType<TimeSpan>(), static block => Assert.Equal(TimeSpan.FromMinutes(1), block));
    }

    [Fact]
    public async Task TryReserve_AfterEachBlock_OneAttemptAndTwiceTheBlockUpToTheLongest()
    {
        var store = (await StartNodeAsync()).Get<ISignInAttemptStore>();
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(await ReserveAsync(store));
        }

        foreach (var minutes in new[] { 1, 2, 4, 8, 15, 15, 15 })
        {
            Assert.Equal(TimeSpan.FromMinutes(minutes), await ReserveAsync(store));
            Time.Advance(TimeSpan.FromMinutes(minutes));
            Assert.Null(await ReserveAsync(store));
        }
    }

    [Fact]
    public async Task TryReserve_FarBeyondTheLongestBlock_DoesNotOverflow()
    {
        var store = (await StartNodeAsync()).Get<ISignInAttemptStore>();
        var policy = Policy with { FreeAttempts = 1 };
        for (var i = 0; i < 60; i++)
        {
            Assert.Null(await store.TryReserveAsync("ada", policy, Time.GetUtcNow(), CancellationToken.None));
            Time.Advance(TimeSpan.FromMinutes(15));
        }
    }

    [Fact]
    public async Task Reset_AfterABlock_FreeAgainAndOthersUntouched()
    {
        var store = (await StartNodeAsync()).Get<ISignInAttemptStore>();
        for (var i = 0; i < 11; i++)
        {
            await ReserveAsync(store);
            await ReserveAsync(store, "bob");
        }

        await store.ResetAsync("ada", CancellationToken.None);

        Assert.Null(await ReserveAsync(store));
        Assert.NotNull(await ReserveAsync(store, "bob"));
    }

    [Fact]
    public async Task TryReserve_EveryAttempt_BlocksExactlyAsThePolicySays()
    {
        var store = (await StartNodeAsync()).Get<ISignInAttemptStore>();
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            Assert.Null(await ReserveAsync(store));
            var expected = Policy.BlockAfter(attempt);
            if (expected > TimeSpan.Zero)
            {
                Assert.Equal(expected, await ReserveAsync(store));
                Time.Advance(expected);
            }
        }
    }

    private Task<TimeSpan?> ReserveAsync(ISignInAttemptStore store, string key = "ada") => store.TryReserveAsync(key, Policy, Time.GetUtcNow(), CancellationToken.None);
}
