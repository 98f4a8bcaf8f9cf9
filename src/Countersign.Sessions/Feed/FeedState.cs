namespace Countersign.Sessions.Feed;

/// <summary>The age of this node's revocation list.</summary>
/// <param name="time">The clock.</param>
/// <param name="whenStale">See <see cref="CountersignSessionOptions.WhenStale"/>.</param>
internal sealed class FeedState(TimeProvider time, StaleFeedBehavior whenStale)
{
    /// <summary>
    /// How long an entry can matter: the longest lifetime of an access token (60 minutes, <c>TokenPolicy.MaxAccessLifetime</c>), and 15 minutes more for clock
    /// differences and slow requests.
    /// </summary>
    public static readonly TimeSpan Retention = TimeSpan.FromMinutes(60 + 15);

    /// <summary>The list is stale if it was last read longer ago than this.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    private Reading? _last;

    /// <summary>
    /// Whether the feed was read, and the last successful read was sent recently by both clocks. The monotonic clock stands still while a machine sleeps.
    /// </summary>
    public bool IsFresh
    {
        get
        {
            return Volatile.Read(ref _last) is { } last
                && time.GetElapsedTime(last.Timestamp) <= StaleAfter
                && time.GetUtcNow() - last.At <= StaleAfter;
        }
    }

    /// <summary>Whether all access tokens must be refused now, even if they are valid.</summary>
    public bool MustRefuse => whenStale == StaleFeedBehavior.Refuse && !IsFresh;

    /// <summary>Records the time at which a read is sent. The read may miss entries that come later.</summary>
    public Reading Begin() => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Records that the read succeeded.</summary>
    public void Succeeded(Reading reading) => Volatile.Write(ref _last, reading);

    /// <summary>The time at which a read was sent, on both clocks.</summary>
    public sealed record Reading(long Timestamp, DateTimeOffset At);
}
