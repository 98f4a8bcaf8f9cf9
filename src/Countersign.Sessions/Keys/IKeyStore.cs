using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Keys;

/// <summary>Stores keys, encrypted under the master key.</summary>
internal interface IKeyStore
{
    /// <summary>Reads all keys, and the version of the table in the same transaction.</summary>
    Task<StoredKeys> LoadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes a change in one transaction, if the table still has the version that was read, and raises the version. If several nodes try at once, one
    /// succeeds.
    /// </summary>
    /// <param name="changes">The rows and events to write.</param>
    /// <param name="expectedVersion">The version that was read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if another node was first. Then nothing is written, and the caller must read again.</returns>
    Task<bool> TryWriteAsync(KeyChanges changes, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>
    /// Records the signing mode in one transaction: at the first start, and when a change is requested. If several nodes start at once, one decides the mode.
    /// </summary>
    /// <param name="mode">The mode of this start.</param>
    /// <param name="change">The row of the audit table for a change; null if the mode must not change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the database is in the other mode and stays in it.</returns>
    Task<bool> TryEnterModeAsync(SigningMode mode, SecurityEvent? change, CancellationToken cancellationToken);
}

/// <summary>The key table.</summary>
/// <param name="Version">The version, which each change raises.</param>
/// <param name="Keys">Its rows.</param>
internal sealed record StoredKeys(long Version, IReadOnlyList<StoredKey> Keys);

/// <summary>All rows and events that one change of the keys writes, in one transaction.</summary>
internal sealed class KeyChanges
{
    /// <summary>Rows to insert. A row with the same key id is replaced.</summary>
    public IList<StoredKey> Saved { get; } = [];

    /// <summary>The ids of rows to delete.</summary>
    public IList<string> Deleted { get; } = [];

    /// <summary>Events for the audit table.</summary>
    public IList<SecurityEvent> Events { get; } = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Saved.Count == 0 && Deleted.Count == 0 && Events.Count == 0;
}
