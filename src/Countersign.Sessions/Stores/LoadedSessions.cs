using System.Collections.Frozen;
using System.Collections.ObjectModel;
using Countersign.Sessions.Accounts;

namespace Countersign.Sessions.Stores;

/// <summary>What a transaction of the session writer has read and locked.</summary>
internal sealed class LoadedSessions
{
    /// <summary>The rows that were asked for by their ids, in the order of these. Ids without a row are left out, and so are those in <see cref="BusyIds"/>.</summary>
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
