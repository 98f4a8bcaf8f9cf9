namespace Countersign.Sessions.Stores;

/// <summary>
/// Removes rows that nothing needs any more, one node at a time. Who may is said by a lease: a row with a holder and an end. A holder that was killed is
/// succeeded when its lease has run out, and one that only stalled removes nothing more then.
/// </summary>
internal interface ICleanupStore
{
    /// <summary>
    /// Takes the lease if it has run out. One that ends after <paramref name="latest"/> counts as run out: a clock that was wrong has written it.
    /// </summary>
    /// <param name="holder">A name that nobody else uses.</param>
    /// <param name="now">The instant.</param>
    /// <param name="until">When the lease ends if it is not prolonged.</param>
    /// <param name="latest">No lease is as long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if another holds it, or the next round is not due yet.</returns>
    Task<bool> TryTakeLeaseAsync(Guid holder, DateTimeOffset now, DateTimeOffset until, DateTimeOffset latest, CancellationToken cancellationToken);

    /// <summary>Sets the end of the lease, if it is still held: to the next round when one is done.</summary>
    /// <returns>False if another has taken it.</returns>
    Task<bool> SetLeaseAsync(Guid holder, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Removes rows in one transaction, which also prolongs the lease.</summary>
    /// <param name="target">Which rows.</param>
    /// <param name="before">The instant before which they were last needed.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="holder">Who holds the lease.</param>
    /// <param name="until">When it ends from now on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if another has taken the lease, and nothing was removed.</returns>
    Task<CleanupBatch?> RemoveAsync(CleanupTarget target, DateTimeOffset before, int limit, Guid holder, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>Rows that nothing needs any more, of one kind.</summary>
internal enum CleanupTarget
{
    /// <summary>Sessions that expired before an instant, by their idle expiry, which is never later than the absolute one.</summary>
    ExpiredSessions = 1,

    /// <summary>Sessions that were revoked before an instant.</summary>
    RevokedSessions,

    /// <summary>Lines of the revocation feed from before an instant.</summary>
    Revocations,

    /// <summary>Counted guesses of which the last was before an instant, and so was the end of the block.</summary>
    SignInAttempts,

    /// <summary>Lines of the audit table from before an instant.</summary>
    Events,
}

/// <summary>What one transaction of the clean-up did.</summary>
/// <param name="Removed">How many rows it removed.</param>
/// <param name="HasMore">Whether there may be more to look at; otherwise the round is over for this kind of row.</param>
internal readonly record struct CleanupBatch(int Removed, bool HasMore);
