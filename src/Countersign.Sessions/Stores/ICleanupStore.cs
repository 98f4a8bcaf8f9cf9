namespace Countersign.Sessions.Stores;

/// <summary>
/// Removes rows that are no longer needed, on the node that holds the lease. If the holder only stalled and has lost the lease, it removes nothing after that.
/// </summary>
internal interface ICleanupStore
{
    /// <summary>The name of the lease (<see cref="ILeaseStore"/>).</summary>
    const string Lease = "cleanup";

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

    /// <summary>Mails that were done before a time.</summary>
    Mails,

    /// <summary>Tokens of mails that expired before a time.</summary>
    MailTokens,
}

/// <summary>The result of one transaction of the clean-up.</summary>
/// <param name="Removed">The number of removed rows.</param>
/// <param name="HasMore">Whether there may be more rows; otherwise the round is finished for this kind.</param>
internal readonly record struct CleanupBatch(int Removed, bool HasMore);
