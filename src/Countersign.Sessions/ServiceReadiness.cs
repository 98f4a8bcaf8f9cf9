using Countersign.Sessions.Feed;
using Countersign.Sessions.Keys;

namespace Countersign.Sessions;

/// <summary>Whether this node can do all of its work just now.</summary>
public sealed class ServiceReadiness
{
    private readonly IKeySource _keys;
    private readonly FeedState _feed;

    internal ServiceReadiness(IKeySource keys, FeedState feed)
    {
        _keys = keys;
        _feed = feed;
    }

    /// <summary>What is in the way, in words without secrets; empty when the node is ready.</summary>
    public IReadOnlyList<string> FindFaults()
    {
        List<string> faults = [];
        if (_keys.LoadedVersion is null)
        {
            faults.Add("The keys are not loaded.");
        }

        if (!_feed.IsFresh)
        {
            faults.Add("The revocation feed has not been read for more than 10 seconds.");
        }

        return faults;
    }
}
