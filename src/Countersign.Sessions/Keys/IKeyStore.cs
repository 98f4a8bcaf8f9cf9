using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Keys;

/// <summary>Where keys are kept, wrapped under the master key.</summary>
internal interface IKeyStore
{
    /// <summary>Reads every key, with the version of the table as it stood in the same transaction.</summary>
    Task<StoredKeys> LoadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes a change in one transaction if the table is still at the version that was read, and raises the version: of many nodes that try at once,
    /// one wins.
    /// </summary>
    /// <param name="changes">What to write.</param>
    /// <param name="expectedVersion">The version that was read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if another node was first, and nothing is written: read again.</returns>
    Task<bool> TryWriteAsync(KeyChanges changes, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>
    /// Notes what signs, in one transaction: at the first start of all, and where a change is asked for. Of many nodes that begin at once, one
    /// decides it.
    /// </summary>
    /// <param name="mode">The mode of this start.</param>
    /// <param name="change">The line of the audit table that a change is recorded with; null where the mode must not change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the database is in the other mode and stays in it.</returns>
    Task<bool> TryEnterModeAsync(SigningMode mode, SecurityEvent? change, CancellationToken cancellationToken);
}

/// <summary>The key table.</summary>
/// <param name="Version">Raised by every change.</param>
/// <param name="Keys">Its rows.</param>
internal sealed record StoredKeys(long Version, IReadOnlyList<StoredKey> Keys);

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
