using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Stores;

/// <summary>The append-only table through which every node learns what was revoked.</summary>
internal interface IRevocationFeed
{
    /// <summary>
    /// Opens the connection on which a node follows the feed. A store that is told of new lines asks to be told before this returns, so that nothing can fall
    /// between what is then read and what is announced.
    /// </summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<IFeedConnection> ConnectAsync(CancellationToken cancellationToken);
}

/// <summary>
/// One node's connection to the revocation feed. It is used for one call at a time, and given up with the first call that fails: whoever follows the feed then
/// connects anew, and loads again what it may have missed.
/// </summary>
internal interface IFeedConnection : IAsyncDisposable
{
    /// <summary>Reads, page by page, all lines that can still matter, in the order of <see cref="FeedPosition"/>.</summary>
    /// <param name="after">Where the page before ended; for the first page <see cref="FeedPosition.Before"/> the oldest instant that matters.</param>
    /// <param name="limit">At most so many lines; a page with fewer is the last.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<FeedPage> LoadAsync(FeedPosition after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the lines after a number, in the order of their numbers.</summary>
    /// <param name="after">The last number that the node has seen.</param>
    /// <param name="limit">At most so many lines; a page with fewer reaches the head.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<FeedPage> ReadAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Waits until the feed may have grown. A store that cannot tell waits until it is called off: its node reads every second in any case.</summary>
    /// <param name="cancellationToken">Calls it off, which leaves the connection as good as it was.</param>
    /// <exception cref="OperationCanceledException">It was called off.</exception>
    Task WaitAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Puts back what a node still knows and the table has lost, in one transaction: each line that is not there (same session, same instant) gets a new
    /// number, the session's row is marked as revoked if it is not, and the epoch is raised if it is lower.
    /// </summary>
    /// <param name="entries">At most some hundreds; their numbers are ignored.</param>
    /// <param name="epoch">The node's epoch.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>How many lines were not there.</returns>
    Task<int> WriteBackAsync(IReadOnlyList<RevocationEntry> entries, long epoch, CancellationToken cancellationToken);
}

/// <summary>Some lines of the feed, with its head as it stood just before they were read.</summary>
/// <param name="Entries">The lines.</param>
/// <param name="Head">The number given last.</param>
/// <param name="Epoch">Access tokens of a lower epoch are refused; 0 until everybody was revoked for the first time.</param>
/// <param name="KeyVersion">The version of the key table; a node that has loaded an older one loads again.</param>
/// <param name="DatabaseTime">What the database's clock said when the head was read; null where the database is a file of this machine and has none of its
/// own.</param>
internal sealed record FeedPage(IReadOnlyList<RevocationEntry> Entries, long Head, long Epoch, long KeyVersion, DateTimeOffset? DatabaseTime);

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

/// <summary>One line of the revocation feed.</summary>
/// <param name="Sequence">Its number in the order of commits; 0 before the store has given it one.</param>
/// <param name="SessionId">The session that was revoked.</param>
/// <param name="Reason">Why.</param>
/// <param name="RevokedAt">When, on the session clock.</param>
internal readonly record struct RevocationEntry(long Sequence, Guid SessionId, RevocationReason Reason, DateTimeOffset RevokedAt);
