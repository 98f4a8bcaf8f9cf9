using Countersign.Sessions.Accounts;

namespace Countersign.Sessions.Stores;

/// <summary>A transaction that reads accounts beside the rows that it locks.</summary>
internal interface IJoinedSessionTransaction : ISessionTransaction
{
    /// <summary>Loads and locks rows as <see cref="ISessionTransaction.LoadAsync"/> does, and answers reads of accounts once they are locked.</summary>
    /// <param name="ids">Rows to load, live or not.</param>
    /// <param name="userIds">Accounts whose live rows to load.</param>
    /// <param name="accounts">Accounts to read, of queries that <see cref="IAccountQuery.CanJoin"/>.</param>
    /// <param name="now">The instant at which rows must be live.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<LoadedSessions> LoadAsync(
        IReadOnlyCollection<Guid> ids,
        IReadOnlyCollection<string> userIds,
        IReadOnlyCollection<AccountRead> accounts,
        DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <inheritdoc />
    Task<LoadedSessions> ISessionTransaction.LoadAsync(
        IReadOnlyCollection<Guid> ids, IReadOnlyCollection<string> userIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        LoadAsync(ids, userIds, [], now, cancellationToken);
}
