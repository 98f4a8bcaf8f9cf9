namespace Countersign.Sessions.Keys;

/// <summary>Where this node's keys come from: the database, or a shared secret.</summary>
internal interface IKeySource
{
    /// <summary>The version of the keys that are loaded; null before the first time.</summary>
    long? LoadedVersion { get; }

    /// <summary>Why this node can't use the keys that are in force, in words without secrets; null if it can.</summary>
    string? Fault { get; }

    /// <summary>Whether the keys that are loaded are others than those of a version of the key table.</summary>
    bool IsBehind(long version);

    /// <summary>Loads the keys into the rings, making the first ones if there are none.</summary>
    /// <exception cref="InvalidOperationException">The keys of the database can't be used with the configured master key; the message says what to do.</exception>
    Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Loads the keys if those that are loaded are still others than those of a version of the table: before a signature that a statement at that version led to.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="LoadAsync"/>.</exception>
    Task FollowAsync(long version, CancellationToken cancellationToken);

    /// <summary>
    /// Sees to it that the keys which are loaded are those in force now, because a token names one that is not there, as another node's newest may. However many such tokens there are, it
    /// loads once in a while, and waits else for <see cref="Confirm"/>.
    /// </summary>
    /// <exception cref="SessionsUnavailableException">It could not be found out whether they are.</exception>
    Task LoadForUnknownKeyAsync(CancellationToken cancellationToken);

    /// <summary>Notes that the keys which are loaded were in force when a statement was sent.</summary>
    /// <param name="sentTimestamp">That moment, on the monotonic clock.</param>
    void Confirm(long sentTimestamp);

    /// <summary>Loads the keys and does what is due: promotes a next key, deletes what is over.</summary>
    Task MaintainAsync(CancellationToken cancellationToken);
}
