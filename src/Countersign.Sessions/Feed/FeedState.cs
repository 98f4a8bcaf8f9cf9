namespace Countersign.Sessions.Feed;

/// <summary>How fresh this node's revocation list is.</summary>
/// <param name="time">The clock.</param>
/// <param name="whenStale">See <see cref="CountersignSessionOptions.WhenStale"/>.</param>
internal sealed class FeedState(TimeProvider time, StaleFeedBehavior whenStale)
{
    /// <summary>
    /// How long an entry can matter: as long as the longest access token lives (60 minutes, <c>TokenPolicy.MaxAccessLifetime</c>), and 15 minutes more for
    /// clocks that differ and requests that were slow.
    /// </summary>
    public static readonly TimeSpan Retention = TimeSpan.FromMinutes(60 + 15);

    /// <summary>A list that was last read so long ago is stale.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    private Reading? _last;

    /// <summary>
    /// Whether the feed has been read, and the last good read was sent not long ago, by both clocks: the monotonic one stands still while a machine sleeps.
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

    /// <summary>Whether no access token may be accepted just now, however good it is by all that this node knows.</summary>
    public bool MustRefuse => whenStale == StaleFeedBehavior.Refuse && !IsFresh;

    /// <summary>Notes when a read is sent: what comes later may not be in it.</summary>
    public Reading Begin() => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Notes that it was good.</summary>
    public void Succeeded(Reading reading) => Volatile.Write(ref _last, reading);

    /// <summary>The moment at which a read was sent, on both clocks.</summary>
    public sealed record Reading(long Timestamp, DateTimeOffset At);
}
