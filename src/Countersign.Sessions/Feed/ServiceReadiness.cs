using System.Globalization;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Time;

namespace Countersign.Sessions.Feed;

/// <summary>Whether this node can do all of its work now.</summary>
public sealed class ServiceReadiness
{
    /// <summary>With more uncertainty than this, two nodes could disagree about a session's age by more than the grace.</summary>
    private static readonly TimeSpan MostUncertainty = TimeSpan.FromSeconds(5);

    private readonly IKeySource _keys;
    private readonly FeedState _feed;
    private readonly SessionClock _clock;

    internal ServiceReadiness(IKeySource keys, FeedState feed, SessionClock clock)
    {
        _keys = keys;
        _feed = feed;
        _clock = clock;
    }

    /// <summary>Returns what prevents the node's work, in words without secrets; empty when the node is ready.</summary>
    public IReadOnlyList<string> FindFaults()
    {
        List<string> faults = [];
        if (_keys.Fault is { } fault)
        {
            faults.Add(fault);
        }

        if (!_feed.IsFresh)
        {
            faults.Add("The revocation feed has not been read for more than 10 seconds.");
        }

        if (_clock.Uncertainty is var uncertainty && uncertainty > MostUncertainty)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"The database's clock is known only to within {uncertainty.TotalSeconds:F0} seconds."));
        }

        return faults;
    }
}
