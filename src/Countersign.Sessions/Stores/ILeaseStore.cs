namespace Countersign.Sessions.Stores;

/// <summary>
/// Gives work to one node at a time. A lease is a row with a holder and an end. If the holder was killed, another node takes over after the end of the lease.
/// </summary>
internal interface ILeaseStore
{
    /// <summary>
    /// Takes a lease if its end has passed. A lease that ends after <paramref name="latest"/> counts as ended, because a wrong clock has written it.
    /// </summary>
    /// <param name="name">The work, at most 64 characters.</param>
    /// <param name="holder">A name that only this holder uses.</param>
    /// <param name="now">The current time.</param>
    /// <param name="until">When the lease ends, unless it is extended.</param>
    /// <param name="latest">The latest end that a valid lease can have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if another node holds it, or if its end is the start of the next round.</returns>
    Task<bool> TryTakeAsync(string name, Guid holder, DateTimeOffset now, DateTimeOffset until, DateTimeOffset latest, CancellationToken cancellationToken);

    /// <summary>Sets the end of a lease if the caller still holds it. After a round of work, the end can be the start of the next round.</summary>
    /// <returns>False if another node has taken it.</returns>
    Task<bool> SetAsync(string name, Guid holder, DateTimeOffset until, CancellationToken cancellationToken);
}
