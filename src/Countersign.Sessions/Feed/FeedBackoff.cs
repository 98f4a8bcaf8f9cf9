using System.Security.Cryptography;

namespace Countersign.Sessions.Feed;

/// <summary>Computes the time limit of the next call to the database, and the pause before the next attempt, from the number of failures in a row.</summary>
internal sealed class FeedBackoff
{
    /// <summary>
    /// Together with the second between two polls and the time to connect, a silent connection is replaced within two seconds. A slow database gets more time
    /// with each attempt.
    /// </summary>
    private static readonly TimeSpan FirstLimit = TimeSpan.FromMilliseconds(750);

    /// <summary>Two such calls and the pause between them take less than the ten seconds after which the list is stale.</summary>
    private static readonly TimeSpan LongestLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>A node finds a restored database within two seconds. A hundred nodes together make at most about a hundred attempts per second.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private int _failures;
    private int _doublings;

    /// <summary>The time limit of the next call.</summary>
    public TimeSpan Limit => Doubled(FirstLimit, LongestLimit, _doublings);

    /// <summary>
    /// Records a successful read. A quick read resets the limit, so that a connection that later becomes silent is noticed early. After a slow read the
    /// database keeps the longer limit.
    /// </summary>
    /// <param name="took">The time of all calls of the read together.</param>
    public void Succeeded(TimeSpan took)
    {
        _failures = 0;
        if (took <= FirstLimit / 2)
        {
            _doublings = 0;
        }
    }

    /// <summary>Records a failed read.</summary>
    /// <returns>The pause: at random between half and all of it, so that nodes that failed together do not retry together.</returns>
    public TimeSpan Failed()
    {
        var pause = Doubled(FirstPause, LongestPause, _failures);
        _failures++;
        _doublings++;
        return pause * (RandomNumberGenerator.GetInt32(500, 1001) / 1000.0);
    }

    private static TimeSpan Doubled(TimeSpan first, TimeSpan longest, int times)
    {
        var doubled = first * (1 << Math.Min(times, 10));
        return doubled < longest ? doubled : longest;
    }
}
