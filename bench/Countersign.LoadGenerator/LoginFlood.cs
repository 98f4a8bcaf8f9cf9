using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Countersign.LoadGenerator;

/// <summary>
/// Sends logins at twenty times the server's capacity, all with the right password, beside a steady stream of authorised requests. Phases of equal length: the
/// stream alone; the stream and as many logins as the engine takes (the capacity); the stream and the flood; the stream alone again.
/// </summary>
internal sealed class LoginFlood(Arguments arguments, TextWriter output)
{
    private const int Times = 20;

    /// <summary>Enough accounts, so that no login meets another one of its account in the queue, or a block for attempts that found the queue full.</summary>
    private const int Accounts = 200;

    /// <summary>Logins at once for the capacity: four fill the lanes and four more wait, so that no lane is empty and the queue is far from full.</summary>
    private const int FullLanes = 8;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Far above the capacity of any core, so that refusals are warmed up too.</summary>
    private const int WarmUpPerSecond = 200;

    private int _next;

    public async Task<FloodResult> RunAsync()
    {
        using var steady = new Client(arguments.Address, TimeSpan.FromSeconds(10));
        using var logins = new Client(arguments.Address, TimeSpan.FromSeconds(20));
        await Parallel.ForAsync(0, Accounts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (account, _) => await logins.RegisterAsync(account));
        string token = await steady.LogInAsync(0);

        // Both sides compile their code.
        await Task.WhenAll(StreamAsync(steady, token, WarmUp), FloodAsync(logins, WarmUpPerSecond, WarmUp));

        var quiet = await StreamAsync(steady, token, arguments.Duration);
        Say("stream alone", quiet);

        var (together, capacity) = await FillAsync(steady, token, logins);
        Say("stream beside logins at capacity", together);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"capacity: {capacity:F1} logins/s"));

        long before = Memory();
        double offered = Times * capacity;
        long ends = Stopwatch.GetTimestamp() + (long)(arguments.Duration.TotalSeconds * Stopwatch.Frequency);
        var stream = StreamAsync(steady, token, arguments.Duration);
        var flood = await FloodAsync(logins, offered, arguments.Duration);
        Say("stream in the flood", await stream);
        long after = Memory();

        await Task.Delay(Rest);
        Say($"stream alone, {Rest.TotalSeconds:F0} s later", await StreamAsync(steady, token, WarmUp));
        var result = new FloodResult(
            capacity, offered, flood.Count(HttpStatusCode.OK, ends) / arguments.Duration.TotalSeconds, Slowest(quiet), Slowest(await stream),
            flood.Percentile(HttpStatusCode.ServiceUnavailable, 99), before, after);
        Report(result, flood);
        return result;
    }

    private static double Slowest(Answers stream) => stream.Percentile(HttpStatusCode.OK, 99);

    private async Task<Answers> StreamAsync(Client client, string token, TimeSpan duration)
    {
        var answers = new Answers();
        answers.LatestMilliseconds = await Pace.RunAsync(arguments.SteadyPerSecond, duration, due => _ = client.MeAsync(token, due, answers));
        await client.DrainAsync();
        return answers.Count(HttpStatusCode.OK) > 0 && answers.Lost == 0
            ? answers
            : throw new InvalidOperationException($"The steady stream is broken: {answers.Summary()}.");
    }

    private async Task<Answers> FloodAsync(Client client, double perSecond, TimeSpan duration)
    {
        var answers = new Answers();
        answers.LatestMilliseconds = await Pace.RunAsync(perSecond, duration, due => _ = client.TryLogInAsync(NextAccount(), due, answers));
        await client.DrainAsync();
        return answers.Malformed == 0 ? answers : throw new InvalidOperationException($"The refusals are not as documented: {answers.Summary()}.");
    }

    /// <summary>A closed loop: each login follows the answer to the last one.</summary>
    private async Task<(Answers Stream, double PerSecond)> FillAsync(Client steady, string token, Client logins)
    {
        var answers = new Answers();
        long ends = Stopwatch.GetTimestamp() + (long)(arguments.Duration.TotalSeconds * Stopwatch.Frequency);
        var loops = Enumerable.Range(0, FullLanes).Select(async _ =>
        {
            for (long now = Stopwatch.GetTimestamp(); now < ends; now = Stopwatch.GetTimestamp())
            {
                await logins.TryLogInAsync(NextAccount(), now, answers);
            }
        }).ToArray();
        var stream = await StreamAsync(steady, token, arguments.Duration);
        await Task.WhenAll(loops);
        return (stream, answers.Count(HttpStatusCode.OK, ends) / arguments.Duration.TotalSeconds);
    }

    private int NextAccount() => (int)((uint)Interlocked.Increment(ref _next) % Accounts);

    private long Memory() => long.Parse(
        File.ReadLines($"/proc/{arguments.ServerProcess}/status").Single(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    private void Say(string what, Answers stream) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: p50 {stream.Percentile(HttpStatusCode.OK, 50):F2} ms, p99 {stream.Percentile(HttpStatusCode.OK, 99):F2} ms, p99.9 " +
        $"{stream.Percentile(HttpStatusCode.OK, 99.9):F2} ms ({stream.Summary()}; sent at most {stream.LatestMilliseconds:F1} ms late)"));

    private void Report(FloodResult result, Answers flood) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
        flood: {result.Offered:F0} logins/s offered; answers {flood.Summary()}; sent at most {flood.LatestMilliseconds:F1} ms late
          accepted: {result.AcceptedPerSecond:F1}/s, {result.Accepted:F3} of capacity; p99 {flood.Percentile(HttpStatusCode.OK, 99):F0} ms
          refused (503 with Retry-After): p50 {flood.Percentile(HttpStatusCode.ServiceUnavailable, 50):F1} ms, p99 {result.RefusedMilliseconds:F1} ms
          /users/me p99 against quiet: {result.MeRatio:F2}
          server memory (RSS): {result.MemoryBefore} MB before, {result.MemoryAfter} MB after
        """));
}
