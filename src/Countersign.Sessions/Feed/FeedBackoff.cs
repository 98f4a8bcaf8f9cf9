using System.Security.Cryptography;

namespace Countersign.Sessions.Feed;

/// <summary>How long the next call to the database may take, and what is waited for before the next attempt, by how many have failed in a row.</summary>
internal sealed class FeedBackoff
{
    /// <summary>
    /// With the second between two polls, and the time to connect, a silent link is replaced within two seconds; a database that is only slow gets more time
    /// with each attempt.
    /// </summary>
    private static readonly TimeSpan FirstLimit = TimeSpan.FromMilliseconds(750);

    /// <summary>Twice, and the pause before it, is still within the ten seconds after which the list counts as stale.</summary>
    private static readonly TimeSpan LongestLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>A database that comes back is found within two seconds, and a hundred nodes ask for it no more than about a hundred times a second.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private int _failures;
    private int _doublings;

    /// <summary>What the next call may take.</summary>
    public TimeSpan Limit => Doubled(FirstLimit, LongestLimit, _doublings);

    /// <summary>
    /// Notes that a read was good. A quick one sets the limit back, so that a link which falls silent later is noticed as soon as ever; a slow one leaves the
    /// database the time that it needs.
    /// </summary>
    /// <param name="took">How long it took, all of its calls together.</param>
    public void Succeeded(TimeSpan took)
    {
        _failures = 0;
        if (took <= FirstLimit / 2)
        {
            _doublings = 0;
        }
    }

    /// <summary>Notes that one was not.</summary>
    /// <returns>What to wait for: at random between half and all of it, so that nodes which failed together do not come back together.</returns>
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
