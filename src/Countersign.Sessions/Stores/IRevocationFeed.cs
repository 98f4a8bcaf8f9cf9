namespace Countersign.Sessions.Stores;

/// <summary>The append-only table through which every node learns what was revoked.</summary>
public interface IRevocationFeed
{
    /// <summary>Reads the lines after a number, in order.</summary>
    /// <param name="after">The last number that the node has seen.</param>
    /// <param name="limit">At most so many lines.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<FeedPage> ReadAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the lines that can still matter: those not older than <paramref name="since"/>, in order.</summary>
    Task<FeedPage> LoadAsync(DateTimeOffset since, CancellationToken cancellationToken);
}
