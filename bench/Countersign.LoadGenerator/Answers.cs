using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Countersign.Harness;

namespace Countersign.LoadGenerator;

/// <summary>The answers of one phase by status, with their times. Safe for use by many threads.</summary>
internal sealed class Answers
{
    private readonly ConcurrentQueue<(HttpStatusCode Status, TimeSpan Took, long At)> _answers = new();
    private int _lost;
    private int _malformed;

    /// <summary>Requests without an answer: broken connections, and requests that were due while too many were open.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public void Add(HttpStatusCode status, long due)
    {
        long now = Stopwatch.GetTimestamp();
        _answers.Enqueue((status, Stopwatch.GetElapsedTime(due, now), now));
    }

    /// <summary>Answers 503 without a Retry-After.</summary>
    public int Malformed => Volatile.Read(ref _malformed);

    public void AddMalformed() => Interlocked.Increment(ref _malformed);

    public void AddLost() => Interlocked.Increment(ref _lost);

    /// <summary>How late the latest request was sent.</summary>
    public double LatestMilliseconds { get; set; }

    public int Count(HttpStatusCode status) => _answers.Count(answer => answer.Status == status);

    /// <summary>How many came before the given time.</summary>
    public int Count(HttpStatusCode status, long before) => _answers.Count(answer => answer.Status == status && answer.At <= before);

    /// <summary>The given percentile of the answers with this status, in milliseconds. Not a number if there are none.</summary>
    public double Percentile(HttpStatusCode status, double percent) =>
        Statistics.Percentile(_answers.Where(answer => answer.Status == status).Select(static answer => answer.Took.TotalMilliseconds), percent);

    public string Summary() =>
        string.Join(
            ", ", _answers.CountBy(static answer => answer.Status).OrderBy(static pair => pair.Key).Select(static pair => $"{(int)pair.Key}: {pair.Value}"))
        + (Lost > 0 ? $", lost: {Lost}" : string.Empty)
        + (Malformed > 0 ? $", without Retry-After: {Malformed}" : string.Empty);
}
