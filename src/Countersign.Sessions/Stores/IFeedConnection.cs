namespace Countersign.Sessions.Stores;

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
    /// Puts back what a node still knows and the table has lost, in one transaction: each line that is not there (same session, same instant) gets a new number, the
    /// session's row is marked as revoked if it is not, and the epoch is raised if it is lower.
    /// </summary>
    /// <param name="entries">At most some hundreds; their numbers are ignored.</param>
    /// <param name="epoch">The node's epoch.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>How many lines were not there.</returns>
    Task<int> WriteBackAsync(IReadOnlyList<RevocationEntry> entries, long epoch, CancellationToken cancellationToken);
}
