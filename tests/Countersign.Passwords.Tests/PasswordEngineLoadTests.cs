using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests;

/// <summary>Several workers, everything at once: whatever is asked is answered, and nothing is left behind.</summary>
public sealed class PasswordEngineLoadTests
{
    private static readonly int Requests = Suite.Count(usual: 300, all: 1500);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task VerifyAsync_SchemesCostsAndCancellationsMixed_EveryAnswerIsRight(int workers)
    {
        var options = new PasswordEngineOptions
        {
            Workers = workers, LowestCost = 4, Cost = 5, QueueLimit = TimeSpan.FromMinutes(1), QueueTimeout = TimeSpan.FromMinutes(1), MaxNetworkShare = 1,
        };
        await using var engine = new PasswordEngine(options, TimeProvider.System);
        using var recorder = new Recorder(engine.Metrics.Meter);
        (string Stored, PasswordVerification Expected)[] hashes =
        [
            (Hashers.Cheap(4).Hash("password"), PasswordVerification.SuccessRehashNeeded),
            (Hashers.Cheap(5).Hash("password"), PasswordVerification.Success),
            (Hashers.Cheap(7).Hash("password"), PasswordVerification.Success),
            (Hashers.Django("password"), PasswordVerification.SuccessRehashNeeded),
            (Hashers.Cheap(5).Hash("another"), PasswordVerification.Failed),
            (Hashers.Django("another"), PasswordVerification.Failed),
            ("corrupt", PasswordVerification.Failed),
        ];
        var random = new Random(workers);
        using var cancellation = new CancellationTokenSource();
        List<(Task<PasswordVerification> Answer, PasswordVerification Expected, bool MayCancel)> asked = [];
        for (int number = 0; number < Requests; number++)
        {
            var (stored, expected) = hashes[random.Next(hashes.Length)];
            bool mayCancel = random.Next(4) == 0;
            asked.Add((engine.VerifyAsync("password", stored, default, mayCancel ? cancellation.Token : default).AsTask(), expected, mayCancel));
        }

        await Task.WhenAny(asked.Where(request => request.MayCancel).Select(request => request.Answer));
        await cancellation.CancelAsync();
        int cancelled = 0;
        foreach (var (answer, expected, mayCancel) in asked)
        {
            await Task.WhenAny(answer);
            if (mayCancel && answer.IsCanceled)
            {
                cancelled++;
                continue;
            }

            Assert.Equal(expected, await answer);
        }

        Assert.InRange(cancelled, 1, Requests / 2);
        Assert.Equal(0, engine.QueueDepth);
        recorder.Observe();
        Assert.Equal(0, recorder.Sum(PasswordMetrics.LanesName));
    }

    [Fact]
    public async Task DisposeAsync_InTheMiddle_AnswersOrRefusesEverything()
    {
        var options = new PasswordEngineOptions
        {
            Workers = 2, LowestCost = 4, Cost = 7, QueueLimit = TimeSpan.FromMinutes(1), QueueTimeout = TimeSpan.FromMinutes(1), MaxNetworkShare = 1,
        };
        var engine = new PasswordEngine(options, TimeProvider.System);
        string stored = Hashers.Django("another");
        Task<PasswordVerification>[] asked =
            [.. Enumerable.Range(0, 200).Select(number => engine.VerifyAsync("password", number % 2 == 0 ? stored : null).AsTask())];
        await Task.WhenAny(asked);

        await engine.DisposeAsync();

        Assert.All(asked, answer => Assert.True(answer.IsCompleted));
        Assert.All(asked.Where(answer => answer.IsFaulted), answer => Assert.IsType<ObjectDisposedException>(answer.Exception!.InnerException));
        Assert.InRange(asked.Count(answer => answer.IsCompletedSuccessfully), 1, 199);
    }
}
