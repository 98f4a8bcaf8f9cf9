using Countersign.Passwords.Argon2.Tests.Support;

namespace Countersign.Passwords.Argon2.Tests;

/// <summary>However many log in, only so many hold memory at once. Counted where it is taken, not timed.</summary>
public sealed class Argon2idMemoryTests
{
    private const int Memory = 256;

    [Fact]
    public async Task VerifyAsync_ThousandAtOnce_NoMoreThanTheEngineHasWorkers()
    {
        const int workers = 3;
        var computation = new CountedComputation(static () => Thread.Yield());
        var options = new PasswordEngineOptions
        {
            LowestCost = 4, Cost = 4, Workers = workers, QueueLimit = TimeSpan.FromMinutes(1), QueueTimeout = TimeSpan.FromMinutes(1),
            AdditionalFormats = { new Argon2idFormat(new Argon2idOptions { MaxConcurrent = 256 }, computation.Compute) },
        };
        await using var engine = new PasswordEngine(options, TimeProvider.System);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => engine.VerifyAsync($"wrong {number}", Stored.Cheap).AsTask()));

        Assert.All(answers, answer => Assert.Equal(PasswordVerification.Failed, answer));
        Assert.Equal(1000, computation.Calls);
        Assert.InRange(computation.MostRunning, 1, workers);
        Assert.InRange(computation.MostKibibytes, Memory, workers * Memory);
    }

    [Fact]
    public void Verify_ManyThreadsOfOthers_NoMoreThanTheSchemeAllows()
    {
        const int allowed = 2;
        using var open = new ManualResetEventSlim();
        var computation = new CountedComputation(open.Wait);
        var scheme = new Argon2idFormat(new Argon2idOptions { MaxConcurrent = allowed }, computation.Compute);
        Assert.True(scheme.TryParse(Stored.Cheap, out var hash));
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() => hash.Matches("wrong"u8)) { IsBackground = true })];
        foreach (var thread in threads)
        {
            thread.Start();
        }

        // Whoever is not inside stands before the door.
        SpinWait.SpinUntil(() => threads.All(thread => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) && computation.Running == allowed);
        Assert.Equal(allowed, computation.Running);
        open.Set();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(8, computation.Calls);
        Assert.Equal(allowed, computation.MostRunning);
        Assert.Equal(allowed * Memory, computation.MostKibibytes);
    }

    [Fact]
    public void Matches_ComputationThrows_ItsPlaceIsFreeAgain()
    {
        var computation = new Argon2Computation(1, static (_, _) => throw new NotSupportedException());
        var stored = Argon2idParameters.TryParse(Stored.Cheap)!;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            Assert.Throws<NotSupportedException>(() => computation.Matches(stored, "password"u8));
        }
    }

    [Fact]
    public void Matches_Afterwards_ThePasswordIsNowhere()
    {
        byte[] seen = [];
        var computation = new Argon2Computation(1, (stored, password) =>
        {
            seen = password;
            Assert.Equal("password"u8, password);
            return new byte[stored.Tag.Length];
        });

        Assert.False(computation.Matches(Argon2idParameters.TryParse(Stored.Cheap)!, "password"u8));
        Assert.Equal(new byte[8], seen);
    }
}
