using Countersign.Sessions.Stores;

namespace Countersign.StoreSpecification;

/// <summary>What reservations of attempts do on every store.</summary>
public abstract class SignInAttemptSpecification(ITestDatabase database) : StoreSuite(database)
{
    private static readonly LockoutPolicy Policy = new(10, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));
    private static readonly SignInAttempt Known = new("account:ada", "192.0.2.1", IsStranger: false);

    [Fact]
    public async Task Reserve_TwoHundredAtOnce_NoMoreThanTheFreeOnesGoOn()
    {
        var store = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => ReserveAsync(store, Known))));

        Assert.Equal(10, answers.Count(static answer => answer.MayGoOn));
        Assert.All(answers.Where(static answer => !answer.MayGoOn), static answer => Assert.Equal(TimeSpan.FromMinutes(1), answer.Wait));
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromMinutes(1), Assert.Single(answers, static answer => answer.BlockedUntil is not null).BlockedUntil);
    }

    [Fact]
    public async Task Reserve_AfterEachBlock_OneAttemptAndTwiceTheBlockUpToTheLongest()
    {
        var store = await StartAsync();
        await ReserveAllAsync(store, Known, 10);

        foreach (var minutes in new[] { 1, 2, 4, 8, 15, 15, 15 })
        {
            Assert.Equal(TimeSpan.FromMinutes(minutes), (await ReserveAsync(store, Known)).Wait);
            Time.Advance(TimeSpan.FromMinutes(minutes));
            Assert.True((await ReserveAsync(store, Known)).MayGoOn);
        }
    }

    [Fact]
    public async Task Reserve_FarBeyondTheLongestBlock_DoesNotOverflow()
    {
        var store = await StartAsync();
        for (var i = 0; i < 60; i++)
        {
            Assert.True((await ReserveAsync(store, Known, Policy with { MaxFailedAttempts = 1 })).MayGoOn);
            Time.Advance(TimeSpan.FromMinutes(15));
        }
    }

    [Fact]
    public async Task Reserve_EveryAttempt_BlocksExactlyAsThePolicySays()
    {
        var store = await StartAsync();
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            var reservation = await ReserveAsync(store, Known);
            var expected = Policy.DurationAfter(attempt);
            Assert.Equal(expected > TimeSpan.Zero ? Time.GetUtcNow() + expected : null, reservation.BlockedUntil);
            Time.Advance(expected);
        }
    }

    /// <summary>An hour without an attempt and without a block is forgotten, whether or not a round of clean-up came by.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task Reserve_AfterTheMemory_CountsAnew(int beyondSeconds, bool isForgotten)
    {
        var store = await StartAsync();
        await ReserveAllAsync(store, Known, 9);
        Time.Advance(LockoutPolicy.Memory + TimeSpan.FromSeconds(beyondSeconds));

        Assert.Equal(isForgotten, (await ReserveAsync(store, Known)).BlockedUntil is null);
    }

    [Fact]
    public async Task Reserve_OneOriginBlocked_OthersGoOn()
    {
        var store = await StartAsync();
        await ReserveAllAsync(store, Known, 10);

        Assert.True((await ReserveAsync(store, Known with { Origin = "198.51.100.1" })).MayGoOn);
        Assert.True((await ReserveAsync(store, Known with { Subject = "account:bob" })).MayGoOn);
        Assert.False((await ReserveAsync(store, Known)).MayGoOn);
    }

    /// <summary>Strangers get a hundred at once and one a minute from then on, whatever network each comes from.</summary>
    [Fact]
    public async Task Reserve_StrangersFromEverywhere_AHundredAndThenOneInEachInterval()
    {
        var store = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 150).Select(index => Task.Run(() => ReserveAsync(store, Stranger(index)))));
        Assert.Equal(100, answers.Count(static answer => answer.MayGoOn));
        Assert.All(answers.Where(static answer => !answer.MayGoOn), static answer => Assert.Equal(TimeSpan.FromMinutes(1), answer.Wait));

        for (var minute = 0; minute < 5; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            Assert.True((await ReserveAsync(store, Stranger(1000 + minute))).MayGoOn);
            Assert.False((await ReserveAsync(store, Stranger(2000 + minute))).MayGoOn);
        }

        Assert.True((await ReserveAsync(store, Known)).MayGoOn);
        Assert.True((await ReserveAsync(store, Stranger(3000) with { Subject = "account:bob" })).MayGoOn);
    }

    /// <summary>What the allowance for strangers refuses, their own network does not count either.</summary>
    [Fact]
    public async Task Reserve_StrangerRefused_IsCountedNowhere()
    {
        var store = await StartAsync();
        for (var index = 0; index < 100; index++)
        {
            await ReserveAsync(store, Stranger(index));
        }

        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.False((await ReserveAsync(store, Stranger(1000))).MayGoOn);
        }

        Assert.Null((await ReserveAsync(store, Stranger(1000) with { IsStranger = false })).BlockedUntil);
    }

    [Fact]
    public async Task Succeed_AfterWrongOnes_ForgetsThoseOfItsOriginAndReturnsTheShareOfStrangers()
    {
        var store = await StartAsync();
        await ReserveAllAsync(store, Stranger(1), 9);
        await ReserveAllAsync(store, Stranger(2), 9);

        await ReserveAsync(store, Stranger(1));
        await store.SucceedAsync(Stranger(1), Policy, CancellationToken.None);

        Assert.Null((await ReserveAsync(store, Stranger(1))).BlockedUntil);
        Assert.NotNull((await ReserveAsync(store, Stranger(2))).BlockedUntil);

        // Twenty were compared and wrong: eighty are left.
        Assert.Equal(80, await CountFreeAsync(store, 100));
    }

    [Fact]
    public async Task GiveBack_NeverCompared_IsNotCountedAndBeginsNoBlock()
    {
        var store = await StartAsync();
        await ReserveAllAsync(store, Stranger(1), 9);
        for (var attempt = 0; attempt < 30; attempt++)
        {
            var reservation = await ReserveAsync(store, Stranger(1));
            Assert.NotNull(reservation.BlockedUntil);
            await store.GiveBackAsync(Stranger(1), reservation, Policy, CancellationToken.None);
        }

        Assert.Equal(91, await CountFreeAsync(store, 100));
    }

    /// <summary>The block that another attempt has begun meanwhile stays.</summary>
    [Fact]
    public async Task GiveBack_AfterAnotherBlockBegan_LeavesThatBlock()
    {
        var store = await StartAsync();
        await ReserveAllAsync(store, Known, 9);
        var early = await ReserveAsync(store, Known);
        Time.Advance(TimeSpan.FromMinutes(1));
        await ReserveAsync(store, Known);

        await store.GiveBackAsync(Known, early, Policy, CancellationToken.None);

        Assert.Equal(TimeSpan.FromMinutes(2), (await ReserveAsync(store, Known)).Wait);
    }

    [Fact]
    public async Task GiveBack_NothingCounted_ChangesNothing()
    {
        var store = await StartAsync();
        await store.GiveBackAsync(Stranger(1), default, Policy, CancellationToken.None);

        Assert.Equal(100, await CountFreeAsync(store, 120));
    }

    [Fact]
    public async Task Forget_ASubject_FreesEveryOriginAndTheStrangersAndNobodyElse()
    {
        var store = await StartAsync();
        var bob = Known with { Subject = "account:bob" };
        await ReserveAllAsync(store, Known, 10);
        await ReserveAllAsync(store, bob, 10);
        await CountFreeAsync(store, 120);

        await store.ResetAsync(Known.Subject, CancellationToken.None);

        Assert.True((await ReserveAsync(store, Known)).MayGoOn);
        Assert.False((await ReserveAsync(store, bob)).MayGoOn);
        Assert.Equal(100, await CountFreeAsync(store, 120));
    }

    [Fact]
    public async Task Touch_ACounter_LeavesItAsItIs()
    {
        var store = await StartAsync();
        await ReserveAllAsync(store, Known, 9);

        await store.TouchAsync(Known, CancellationToken.None);
        await store.TouchAsync(Known with { Origin = "198.51.100.1" }, CancellationToken.None);

        Assert.NotNull((await ReserveAsync(store, Known)).BlockedUntil);
    }

    private static SignInAttempt Stranger(int index) => new("account:ada", $"2001:db8:{index:x}::/56", IsStranger: true);

    private async Task<ISignInAttemptStore> StartAsync() => (await StartNodeAsync()).Get<ISignInAttemptStore>();

    private Task<AttemptReservation> ReserveAsync(ISignInAttemptStore store, SignInAttempt attempt, LockoutPolicy? policy = null) =>
        store.ReserveAsync(attempt, policy ?? Policy, Time.GetUtcNow(), CancellationToken.None);

    private async Task ReserveAllAsync(ISignInAttemptStore store, SignInAttempt attempt, int count)
    {
        for (var index = 0; index < count; index++)
        {
            Assert.True((await ReserveAsync(store, attempt)).MayGoOn);
        }
    }

    /// <summary>How many strangers, each from a network of its own, may still try.</summary>
    private async Task<int> CountFreeAsync(ISignInAttemptStore store, int tried)
    {
        var free = 0;
        for (var index = 0; index < tried; index++)
        {
            free += (await ReserveAsync(store, Stranger(10_000 + index))).MayGoOn ? 1 : 0;
        }

        return free;
    }
}
