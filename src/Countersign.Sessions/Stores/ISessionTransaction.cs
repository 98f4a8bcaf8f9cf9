using System.Collections.Frozen;
using System.Collections.ObjectModel;
using Countersign.Sessions.Accounts;

namespace Countersign.Sessions.Stores;

/// <summary>One transaction of the session writer. Rows are locked when they are loaded. Changes are written once, at the end.</summary>
internal interface ISessionTransaction
{
    /// <summary>
    /// Loads and locks rows in the order of their ids. It does not wait for rows that another node has locked. An account is locked as a whole, even if it has
    /// no session yet, so that two nodes do not count its sessions at the same time.
    /// </summary>
    /// <param name="ids">Rows to load, live or ended.</param>
    /// <param name="userIds">Accounts whose live rows are loaded.</param>
    /// <param name="accountKeys">
    /// Keys of accounts to read after the sessions' rows are locked, each once. Only allowed if <see cref="IJoinedAccounts"/> has found the accounts.
    /// </param>
    /// <param name="now">The time at which rows must be live.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<LoadedSessions> LoadAsync(
        IReadOnlyCollection<Guid> ids,
        IReadOnlyCollection<string> userIds,
        IReadOnlyCollection<object> accountKeys,
        DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <summary>
    /// Writes all changes. The revocations get their feed numbers last, so that the order of commits is the order of numbers. A store may send the changes
    /// together with the commit, because nothing is read after this call.
    /// </summary>
    Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken);

    /// <summary>
    /// After a commit that took too long, sets <c>RefreshedAt</c> to <paramref name="now"/> in each row whose generation or parent is still the one that this
    /// writer wrote.
    /// </summary>
    /// <param name="generations">The written generation of each session.</param>
    /// <param name="now">The time from which these generations count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rows that have not changed further.</returns>
    Task<IReadOnlySet<Guid>> TouchAsync(IReadOnlyDictionary<Guid, int> generations, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>The rows that a transaction of the session writer has read and locked.</summary>
internal sealed class LoadedSessions
{
    /// <summary>The rows that were requested by id, in the order of these ids. Missing rows are left out, and rows in <see cref="BusyIds"/> too.</summary>
    public required IReadOnlyList<Session> Sessions { get; init; }

    /// <summary>The live rows of each requested account, in the order of their ids, without accounts in <see cref="BusyUserIds"/>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Session>> LiveByUser { get; init; }

    /// <summary>The row of each account whose key was requested; null if there is no such account.</summary>
    public IReadOnlyDictionary<object, AccountRow?> AccountRows { get; init; } = ReadOnlyDictionary<object, AccountRow?>.Empty;

    /// <summary>
    /// Rows that another node has locked. Commands that need them are decided later, and the others continue. Always empty if only one process at a time can
    /// write.
    /// </summary>
    public IReadOnlySet<Guid> BusyIds { get; init; } = FrozenSet<Guid>.Empty;

    /// <summary>Accounts that another node has locked, as a whole or in one of their live rows.</summary>
    public IReadOnlySet<string> BusyUserIds { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// The version of the key table, read with the rows. A node that has loaded an older version loads the keys again before it signs an answer.
    /// </summary>
    public required long KeyVersion { get; init; }

    /// <summary>
    /// What the access tokens that follow from this transaction carry, read after its rows are locked and before its accounts.
    /// <see cref="ISessionStore.RevokeAllUsersAsync"/> ends before this transaction, or waits until this transaction has ended. So no token from before it has
    /// the new epoch, and no token from after it has the old one.
    /// </summary>
    public required FeedMark Feed { get; init; }
}

/// <summary>All changes that one transaction writes.</summary>
internal sealed class SessionChanges
{
    /// <summary>New rows.</summary>
    public IList<Session> Inserted { get; } = [];

    /// <summary>Rows with a changed state. Only <see cref="Session.State"/> is written.</summary>
    public IList<Session> Updated { get; } = [];

    /// <summary>Entries of the feed that all nodes must see.</summary>
    public IList<RevocationEntry> Revocations { get; } = [];

    /// <summary>Whether all access tokens become stale, because a role has changed: the feed's number goes up, and <c>stale_before</c> with it.</summary>
    public bool MakesAllStale { get; set; }

    /// <summary>Events for the audit table.</summary>
    public IList<SecurityEvent> Events { get; } = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Inserted.Count == 0 && Updated.Count == 0 && Revocations.Count == 0 && Events.Count == 0 && !MakesAllStale;
}
