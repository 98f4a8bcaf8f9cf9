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
