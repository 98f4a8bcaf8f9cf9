namespace Countersign.Sessions.Stores;

/// <summary>
/// Removes rows that are no longer needed, on one node at a time. A lease decides which node: a row with a holder and an end. If the holder was killed, another
/// node takes over after the end of the lease. If the holder only stalled, it removes nothing after that.
/// </summary>
internal interface ICleanupStore
{
    /// <summary>
    /// Takes the lease if its end has passed. A lease that ends after <paramref name="latest"/> counts as ended, because a wrong clock has written it.
    /// </summary>
    /// <param name="holder">A name that only this holder uses.</param>
    /// <param name="now">The current time.</param>
    /// <param name="until">When the lease ends, unless it is extended.</param>
    /// <param name="latest">The latest end that a valid lease can have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if another node holds it, or if the next round is not due yet.</returns>
    Task<bool> TryTakeLeaseAsync(Guid holder, DateTimeOffset now, DateTimeOffset until, DateTimeOffset latest, CancellationToken cancellationToken);

    /// <summary>Sets the end of the lease if the caller still holds it. After a round the end is the start of the next round.</summary>
    /// <returns>False if another node has taken it.</returns>
    Task<bool> SetLeaseAsync(Guid holder, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Removes rows in one transaction, which also extends the lease.</summary>
    /// <param name="target">The kind of rows.</param>
    /// <param name="before">Rows that were last needed before this time are removed.</param>
    /// <param name="limit">The largest number of rows.</param>
    /// <param name="holder">The holder of the lease.</param>
    /// <param name="until">The new end of the lease.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if another node has taken the lease. Then nothing was removed.</returns>
    Task<CleanupBatch?> RemoveAsync(
        CleanupTarget target, DateTimeOffset before, int limit, Guid holder, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>The kinds of rows that are removed.</summary>
internal enum CleanupTarget
{
    /// <summary>Sessions that expired before a time, by their idle expiry, which is never later than the absolute one.</summary>
    ExpiredSessions = 1,

    /// <summary>Sessions that were revoked before a time.</summary>
    RevokedSessions,

    /// <summary>Entries of the revocation feed from before a time.</summary>
    Revocations,

    /// <summary>Counters of guesses whose last guess and whose block ended before a time.</summary>
    SignInAttempts,

    /// <summary>Rows of the audit table from before a time.</summary>
    Events,
}

/// <summary>The result of one transaction of the clean-up.</summary>
/// <param name="Removed">The number of removed rows.</param>
/// <param name="HasMore">Whether there may be more rows; otherwise the round is finished for this kind.</param>
internal readonly record struct CleanupBatch(int Removed, bool HasMore);
