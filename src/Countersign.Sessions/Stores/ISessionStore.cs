using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Stores;

/// <summary>Stores sessions.</summary>
internal interface ISessionStore
{
    /// <summary>
    /// Runs <paramref name="work"/> in one transaction that can write from its first statement, and commits when it returns. If the store's execution strategy
    /// tries again, <paramref name="work"/> is called again with a new transaction.
    /// </summary>
    /// <param name="work">Loads, decides and saves. It must be safe to call it more than once.</param>
    /// <param name="cancellationToken">Ends the wait for the store. A commit that has begun is not undone.</param>
    Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken);

    /// <summary>Finds one session, live or ended, without a lock.</summary>
    /// <returns>Null if there is none.</returns>
    Task<Session?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Lists an account's live sessions, newest first.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="before">Only sessions whose id sorts before this one (the last id of the previous page); null for the first page.</param>
    /// <param name="limit">The largest number of sessions.</param>
    /// <param name="now">The time at which they must be live.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<Session>> ListAsync(string userId, Guid? before, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Lists the different network addresses of an account's sessions, live or ended.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="limit">The largest number of sessions to read, newest first.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<string>> FindAddressesAsync(string userId, int limit, CancellationToken cancellationToken);

    /// <summary>Finds sessions of all accounts that were in use since a given time and are not revoked, in the order of their ids.</summary>
    /// <param name="since">Sessions that began or were refreshed at this time or later.</param>
    /// <param name="beganBefore">Only sessions that began before this time.</param>
    /// <param name="after">Only sessions whose id sorts after this one (the last id of the previous page); null for the first page.</param>
    /// <param name="limit">The largest number of sessions.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<Guid>> FindUsedSinceAsync(DateTimeOffset since, DateTimeOffset beganBefore, Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the number of the feed's last entry, for an account that no transaction reads. It is called before the account is read.</summary>
    Task<long> FindRevisionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Ends every session of every account. It raises the epoch, revokes every row that is not revoked, and writes the event, all in one transaction. That
    /// transaction does not overlap with one of a session writer.
    /// </summary>
    /// <param name="reason">Why they end.</param>
    /// <param name="line">The row for the audit table.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<RevokedUsers> RevokeAllUsersAsync(RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken);
}

/// <summary>The result of ending all sessions of all accounts.</summary>
/// <param name="Epoch">The new epoch. Access tokens of a lower epoch are refused.</param>
/// <param name="Sessions">The number of revoked rows. It includes expired sessions that were not cleaned up yet.</param>
internal readonly record struct RevokedUsers(long Epoch, int Sessions);
