using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Stores;

/// <summary>The append-only table from which every node reads which sessions were revoked, and of which the account got other claims.</summary>
internal interface IRevocationFeed
{
    /// <summary>
    /// Opens the connection with which a node follows the feed. A store that announces new entries subscribes before this method returns, so that no entry is
    /// missed between the first read and the first announcement.
    /// </summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    Task<IFeedConnection> ConnectAsync(CancellationToken cancellationToken);
}

/// <summary>
/// One node's connection to the revocation feed. It is used for one call at a time, and is closed after the first failed call. Then the node connects again,
/// and loads again the entries that it may have missed.
/// </summary>
internal interface IFeedConnection : IAsyncDisposable
{
    /// <summary>Reads all entries that can still matter, page by page, in the order of <see cref="FeedPosition"/>.</summary>
    /// <param name="after">The end of the previous page. For the first page: <see cref="FeedPosition.Before"/> the oldest time that matters.</param>
    /// <param name="limit">The largest number of entries. A page with fewer entries is the last.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<FeedPage> LoadAsync(FeedPosition after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the entries after a number, in the order of their numbers.</summary>
    /// <param name="after">The last number that the node has seen.</param>
    /// <param name="limit">The largest number of entries. A page with fewer entries reaches the head.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<FeedPage> ReadAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until the feed may have new entries. A store without announcements waits until it is cancelled, because the node reads every second in any case.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait. The connection stays usable.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    Task WaitAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes back revocations that a node knows and the table has lost, in one transaction. Each entry that is missing (same session, same time) gets a new
    /// number. The session's row is marked as revoked, and the epoch is raised if it is lower. If the feed has lost numbers, it goes on above all that the node
    /// knows, and all access tokens of before become stale: a number of the lost time would mean another state of the accounts.
    /// </summary>
    /// <param name="entries">At most some hundreds, with a reason. Their numbers are ignored.</param>
    /// <param name="known">The node's epoch, and the highest number that it has read.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The number of missing entries.</returns>
    Task<int> WriteBackAsync(IReadOnlyList<RevocationEntry> entries, FeedMark known, CancellationToken cancellationToken);
}

/// <summary>Some entries of the feed, and the feed's head just before they were read.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Head">The last number that the feed has given.</param>
/// <param name="Epoch">Access tokens of a lower epoch are refused. 0 until all sessions of all accounts were ended for the first time.</param>
/// <param name="StaleBefore">Access tokens with a lower revision are stale. 0 until a role was changed for the first time.</param>
/// <param name="KeyVersion">The version of the key table. A node that has loaded an older version loads the keys again.</param>
/// <param name="DatabaseTime">The database's clock when the head was read. Null if the database is a file on this machine and has no clock.</param>
internal sealed record FeedPage(
    IReadOnlyList<RevocationEntry> Entries, long Head, long Epoch, long StaleBefore, long KeyVersion, DateTimeOffset? DatabaseTime);

/// <summary>What an access token carries of the feed's head.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Revision">
/// The number of the last entry, read before the account. In the other order, a token could carry the old claims with the new number, and would never be stale.
/// </param>
internal readonly record struct FeedMark(long Epoch, long Revision);

/// <summary>A position in the feed's order by age.</summary>
/// <param name="RevokedAt">The time of an entry.</param>
/// <param name="Sequence">The number of the entry. It orders entries of the same time.</param>
internal readonly record struct FeedPosition(DateTimeOffset RevokedAt, long Sequence)
{
    /// <summary>The position before all entries of a time, and after all older ones.</summary>
    public static FeedPosition Before(DateTimeOffset instant) => new(instant, 0);

    /// <summary>The position of an entry.</summary>
    public static FeedPosition Of(RevocationEntry entry) => new(entry.RevokedAt, entry.Sequence);
}

/// <summary>One entry of the revocation feed.</summary>
/// <param name="Sequence">The number in the order of commits; 0 before the store has given it one.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Reason">Why the session was revoked. Null: it lives, and its account got other claims.</param>
/// <param name="RevokedAt">The time of the change, on the session clock.</param>
internal readonly record struct RevocationEntry(long Sequence, Guid SessionId, RevocationReason? Reason, DateTimeOffset RevokedAt);
