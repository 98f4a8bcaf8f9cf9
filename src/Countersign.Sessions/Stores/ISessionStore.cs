using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Stores;

/// <summary>Where sessions are kept.</summary>
internal interface ISessionStore
{
    /// <summary>
    /// Runs <paramref name="work"/> in one transaction that can write from its first statement, and commits when it returns. When the store's execution
    /// strategy tries again, <paramref name="work"/> is called again, with a new transaction.
    /// </summary>
    /// <param name="work">Loads, decides and saves; it must be safe to call more than once.</param>
    /// <param name="cancellationToken">Ends the wait for the store; what is already being committed is not undone.</param>
    Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken);

    /// <summary>Finds one session, live or not, without a lock.</summary>
    /// <returns>Null if there is none.</returns>
    Task<Session?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Lists an account's live sessions, newest first.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="before">Only sessions whose id sorts before this one (the last id of the page before); null for the first page.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="now">The instant at which they must be live.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<Session>> ListAsync(string userId, Guid? before, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Lists the network addresses of an account's sessions, live or not, each once.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="limit">Of so many sessions at most, the newest ones.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<string>> FindAddressesAsync(string userId, int limit, CancellationToken cancellationToken);

    /// <summary>Finds sessions, of all accounts, that were in use since an instant and are not revoked, in the order of their ids.</summary>
    /// <param name="since">They began or were refreshed then or later.</param>
    /// <param name="beganBefore">They began before this instant.</param>
    /// <param name="after">Only sessions whose id sorts after this one (the last id of the page before); null for the first page.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<Guid>> FindUsedSinceAsync(DateTimeOffset since, DateTimeOffset beganBefore, Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Ends every session of every account: raises the epoch, revokes every row that is not revoked, and writes the event, in one transaction that no
    /// transaction of a session writer overlaps.
    /// </summary>
    /// <param name="reason">Why they end.</param>
    /// <param name="line">The line for the audit table.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<RevokedUsers> RevokeAllUsersAsync(RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken);
}

/// <summary>What it came to when everybody's sessions were ended.</summary>
/// <param name="Epoch">The epoch from then on: access tokens of a lower one are refused.</param>
/// <param name="Sessions">How many rows were revoked; sessions that had expired and were not cleaned up yet are among them.</param>
internal readonly record struct RevokedUsers(long Epoch, int Sessions);
