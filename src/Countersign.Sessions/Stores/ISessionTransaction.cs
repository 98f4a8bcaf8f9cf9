using Countersign.Sessions.Accounts;

namespace Countersign.Sessions.Stores;

/// <summary>One transaction of the session writer: rows are locked as they are loaded, changes are written once, at the end.</summary>
internal interface ISessionTransaction
{
    /// <summary>
    /// Loads and locks rows, in the order of their ids, without waiting for those that another node holds. An account is held as a whole, also when it has no
    /// session yet, so that of two nodes that count its sessions only one goes on.
    /// </summary>
    /// <param name="ids">Rows to load, live or not.</param>
    /// <param name="userIds">Accounts whose live rows to load.</param>
    /// <param name="accountKeys">
    /// Keys of accounts to read once the sessions' rows are locked, each once. Only where <see cref="IJoinedAccounts"/> has found the accounts.
    /// </param>
    /// <param name="now">The instant at which they must be live.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<LoadedSessions> LoadAsync(
        IReadOnlyCollection<Guid> ids,
        IReadOnlyCollection<string> userIds,
        IReadOnlyCollection<object> accountKeys,
        DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <summary>
    /// Writes what has changed; the revocations get their numbers in the feed last, so that the order of commits is the order of numbers. A store may keep the
    /// changes back and send them with the commit: nothing is read after this.
    /// </summary>
    Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken);

    /// <summary>
    /// After a commit that took too long: sets <c>RefreshedAt</c> to <paramref name="now"/> in each row whose generation or parent is still the one that this
    /// writer wrote there.
    /// </summary>
    /// <param name="generations">By session, the generation that was written.</param>
    /// <param name="now">The instant at which their stand begins.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rows that have not moved further.</returns>
    Task<IReadOnlySet<Guid>> TouchAsync(IReadOnlyDictionary<Guid, int> generations, DateTimeOffset now, CancellationToken cancellationToken);
}
