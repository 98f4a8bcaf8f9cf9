using System.Collections.Frozen;
using System.Collections.ObjectModel;
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

/// <summary>What a transaction of the session writer has read and locked.</summary>
internal sealed class LoadedSessions
{
    /// <summary>
    /// The rows that were asked for by their ids, in the order of these. Ids without a row are left out, and so are those in <see cref="BusyIds"/>.
    /// </summary>
    public required IReadOnlyList<Session> Sessions { get; init; }

    /// <summary>The live rows of each account that was asked for, in the order of their ids; without those in <see cref="BusyUserIds"/>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Session>> LiveByUser { get; init; }

    /// <summary>The row of each account whose key was asked for; null if there is no such account.</summary>
    public IReadOnlyDictionary<object, AccountRow?> AccountRows { get; init; } = ReadOnlyDictionary<object, AccountRow?>.Empty;

    /// <summary>Rows that another node holds: what needs them is decided later, the rest goes on. Always empty where one process at a time can write.</summary>
    public IReadOnlySet<Guid> BusyIds { get; init; } = FrozenSet<Guid>.Empty;

    /// <summary>Accounts that another node holds, wholly or in one of their live rows.</summary>
    public IReadOnlySet<string> BusyUserIds { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The version of the key table, read with the rows: a node that has loaded an older one loads again before it signs an answer.</summary>
    public required long KeyVersion { get; init; }

    /// <summary>
    /// The epoch of the access tokens that follow from this transaction, read once its rows are locked: <see cref="ISessionStore.RevokeAllUsersAsync"/> comes
    /// wholly before it or waits until it has ended, so that no token of before is of the new epoch, and none of after is of the old.
    /// </summary>
    public required long Epoch { get; init; }
}

/// <summary>All that one transaction writes.</summary>
internal sealed class SessionChanges
{
    /// <summary>New rows.</summary>
    public IList<Session> Inserted { get; } = [];

    /// <summary>Rows whose state has changed: only <see cref="Session.State"/> is written.</summary>
    public IList<Session> Updated { get; } = [];

    /// <summary>Revocations to be told to every node.</summary>
    public IList<RevocationEntry> Revocations { get; } = [];

    /// <summary>Events for the audit table.</summary>
    public IList<SecurityEvent> Events { get; } = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Inserted.Count == 0 && Updated.Count == 0 && Revocations.Count == 0 && Events.Count == 0;
}
