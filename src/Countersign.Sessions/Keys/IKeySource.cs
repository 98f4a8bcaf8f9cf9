namespace Countersign.Sessions.Keys;

/// <summary>Where this node's keys come from: the database, or a shared secret.</summary>
internal interface IKeySource
{
    /// <summary>The version of the keys that are loaded; null before the first time.</summary>
    long? LoadedVersion { get; }

    /// <summary>Whether the keys that are loaded are others than those of a version of the key table.</summary>
    bool IsBehind(long version);

    /// <summary>Loads the keys into the rings, making the first ones if there are none.</summary>
    /// <exception cref="InvalidOperationException">The keys of the database can't be used with the configured master key; the message says what to do.</exception>
    Task LoadAsync(CancellationToken cancellationToken);
}
