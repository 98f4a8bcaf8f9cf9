using System.Diagnostics;
using Countersign.Benchmarks.Measurement;
using Countersign.Benchmarks.Peers;
using Countersign.Passwords;

namespace Countersign.Benchmarks.Passwords;

/// <summary>bcrypt at cost 12 through the engine's public API, against other implementations on the same core.</summary>
internal static class PasswordSuite
{
    private const int Cost = 12;
    private const string Password = "correct horse";

    /// <summary>The number of hashes that one worker computes side by side.</summary>
    private const int Lanes = 4;

    public static async Task<IReadOnlyList<Row>> RunAsync(RunSettings settings)
    {
        await using var engine = await OneCore.RunAsync(static () => Create(workers: 1));
        await using var onAllCores = Create(workers: 0);
        int turns = settings.IsQuick ? 1 : 2;
        var contest = new Contest();
        contest.Add("lanes", async () => await HashSideBySideAsync(engine, Lanes * turns));
        contest.Add("libxcrypt", async () => LibXcrypt.IsPresent ? await OnOneCoreAsync(turns, () => LibXcrypt.Hash(Cost)) : null);
        contest.Add("bcrypt-net", async () => await OnOneCoreAsync(turns, () => BCrypt.Net.BCrypt.HashPassword(Password, Cost)));
        contest.Add("alone", async () => await Sample.TakeAsync(1, () => engine.HashAsync(Password).AsTask()));
        contest.Add("joining", async () => await JoinAsync(engine));
        contest.Add("all cores", async () => await HashSideBySideAsync(onAllCores, Lanes * turns * Environment.ProcessorCount));
        contest.Add("john", async () => await JohnTheRipper.MeasureAsync(Cost, seconds: 1) is { } nanoseconds ? new Sample(nanoseconds, 0) : null);
        await contest.RunAsync(settings.Rounds);
        return
        [
            contest.Faster("bcrypt12-throughput", "lanes", "libxcrypt", "bcrypt-net", "john"),
            contest.Longer("bcrypt12-alone", "alone", "libxcrypt"),
            contest.Longer("bcrypt12-joining", "joining", "alone"),
            contest.Faster("bcrypt12-all-cores", "all cores", "lanes"),
        ];
    }

    /// <summary>A queue that accepts all work of a measurement.</summary>
    private static PasswordEngine Create(int workers) => new(
        new PasswordEngineOptions { Cost = Cost, Workers = workers, QueueLimit = TimeSpan.FromMinutes(1), QueueTimeout = TimeSpan.FromMinutes(1) },
        TimeProvider.System);

    /// <summary>A number of hashes at once that fills all lanes a whole number of times, so that no lane is empty during the measurement.</summary>
    private static Task<Sample> HashSideBySideAsync(PasswordEngine engine, int hashes) =>
        Sample.TakeAsync(hashes, () => Task.WhenAll(Enumerable.Range(0, hashes).Select(_ => engine.HashAsync(Password).AsTask())));

    private static async Task<Sample?> OnOneCoreAsync(int hashes, Action hash) => await OneCore.RunAsync(() =>
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        for (int count = 0; count < hashes; count++)
        {
            hash();
        }

        double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
        return new Sample(nanoseconds / hashes, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / hashes);
    });

    /// <summary>
    /// The time of a hash that takes the last lane beside three lanes that are never empty. Their hashes started one after the other, so each is at another
    /// point of its hash, and another follows each that ends.
    /// </summary>
    private static async Task<Sample> JoinAsync(PasswordEngine engine)
    {
        bool isOver = false;
        List<Task> others = [];
        for (int lane = 1; lane < Lanes; lane++)
        {
            others.Add(KeepLaneBusyAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(30));
        }

        var sample = await Sample.TakeAsync(1, () => engine.HashAsync(Password).AsTask());
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(others);
        return sample;

        async Task KeepLaneBusyAsync()
        {
            while (!Volatile.Read(ref isOver))
            {
                await engine.HashAsync(Password);
            }
        }
    }
}
