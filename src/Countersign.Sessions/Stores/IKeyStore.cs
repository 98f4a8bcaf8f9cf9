namespace Countersign.Sessions.Stores;

/// <summary>Where keys are kept, wrapped under the master key.</summary>
public interface IKeyStore
{
    /// <summary>Reads every key, with the version of the table as it stood in the same transaction.</summary>
    Task<StoredKeys> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Writes keys if the table is still at the version that was read: of many nodes that try at once, one wins.</summary>
    /// <param name="keys">Rows to insert; a row whose key id is there is replaced.</param>
    /// <param name="expectedVersion">The version that was read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if another node was first: read again.</returns>
    Task<bool> TrySaveAsync(IReadOnlyList<StoredKey> keys, long expectedVersion, CancellationToken cancellationToken);
}
