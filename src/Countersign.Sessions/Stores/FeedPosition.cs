namespace Countersign.Sessions.Stores;

/// <summary>A place in the feed's order by age.</summary>
/// <param name="RevokedAt">The instant of a line.</param>
/// <param name="Sequence">Its number, which tells lines of one instant apart.</param>
internal readonly record struct FeedPosition(DateTimeOffset RevokedAt, long Sequence)
{
    /// <summary>The place before all lines of an instant, and after all older ones.</summary>
    public static FeedPosition Before(DateTimeOffset instant) => new(instant, 0);

    /// <summary>The place of a line.</summary>
    public static FeedPosition Of(RevocationEntry entry) => new(entry.RevokedAt, entry.Sequence);
}
