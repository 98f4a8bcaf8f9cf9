using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Keys;

/// <summary>All that one change of the keys writes, in one transaction.</summary>
internal sealed class KeyChanges
{
    /// <summary>Rows to insert; a row whose key id is there is replaced.</summary>
    public IList<StoredKey> Saved { get; } = [];

    /// <summary>The ids of rows to delete.</summary>
    public IList<string> Deleted { get; } = [];

    /// <summary>Events for the audit table.</summary>
    public IList<SecurityEvent> Events { get; } = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Saved.Count == 0 && Deleted.Count == 0 && Events.Count == 0;
}
