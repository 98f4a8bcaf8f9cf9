namespace Countersign.Sessions.Stores;

/// <summary>Where keys are kept, wrapped under the master key.</summary>
public interface IKeyStore
{
    /// <summary>Reads every key, with the version of the table as it stood in the same transaction.</summary>
    Task<StoredKeys> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Writes a change in one transaction if the table is still at the version that was read, and raises the version: of many nodes that try at once, one wins.</summary>
    /// <param name="changes">What to write.</param>
    /// <param name="expectedVersion">The version that was read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if another node was first, and nothing is written: read again.</returns>
    Task<bool> TryWriteAsync(KeyChanges changes, long expectedVersion, CancellationToken cancellationToken);
}
