namespace Countersign.Sessions.Feed;

/// <summary>Decides, for each access token that is good by all that this node knows, whether that is enough.</summary>
internal sealed class StalePolicy(FeedState state, SessionSettings settings)
{
    /// <summary>Whether nobody's token may be accepted just now.</summary>
    public bool MustRefuse => settings.WhenStale == StaleFeedBehavior.Refuse && !state.IsFresh;
}
