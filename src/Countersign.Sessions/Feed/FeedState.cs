namespace Countersign.Sessions.Feed;

/// <summary>How fresh this node's revocation list is.</summary>
internal sealed class FeedState(TimeProvider time)
{
    /// <summary>
    /// How long an entry can matter: as long as the longest access token lives (60 minutes, <c>TokenPolicy.MaxAccessLifetime</c>), and 15 minutes more for clocks that differ and requests that were slow.
    /// </summary>
    public static readonly TimeSpan Retention = TimeSpan.FromMinutes(60 + 15);

    /// <summary>A list that was last read so long ago is stale.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    private long _lastSent = long.MinValue;

    /// <summary>Whether the feed has been read, and the last good read was sent not long ago.</summary>
    public bool IsFresh
    {
        get
        {
            var sent = Volatile.Read(ref _lastSent);
            return sent != long.MinValue && time.GetElapsedTime(sent) <= StaleAfter;
        }
    }

    /// <summary>Notes a good read.</summary>
    /// <param name="sent">When it was sent, on the monotonic clock: what came later may not be in it.</param>
    public void Succeeded(long sent) => Volatile.Write(ref _lastSent, sent);
}
