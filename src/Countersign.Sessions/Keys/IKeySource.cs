namespace Countersign.Sessions.Keys;

/// <summary>Loads this node's keys, from the database or from a shared secret.</summary>
internal interface IKeySource
{
    /// <summary>The fault of a node that has not loaded its keys yet.</summary>
    const string NotLoaded = "The keys are not loaded.";

    /// <summary>Why this node can't use the keys that are in force, in words without secrets; null if it can.</summary>
    string? Fault { get; }

    /// <summary>Whether the loaded keys differ from those of a version of the key table.</summary>
    bool IsBehind(long version);

    /// <summary>Loads the keys into the key rings. If there are no keys, it makes the first ones.</summary>
    /// <exception cref="InvalidOperationException">The configured master key can't decrypt the keys in the database. The message says what to do.</exception>
    Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Loads the keys if the loaded keys differ from those of a version of the table. After a failure, the same version is tried again a second later. Until
    /// then this method fails at once.
    /// </summary>
    /// <param name="version">The version that a statement has read.</param>
    /// <param name="sentTimestamp">When that statement was sent, on the monotonic clock.</param>
    /// <param name="cancellationToken">Ends the wait and the load.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="LoadAsync"/>, or the last attempt failed less than a second ago.</exception>
    Task CatchUpAsync(long version, long sentTimestamp, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until the loaded keys are those in force now, or newer ones. It is called because a token names an unknown key, which another node may have put in
    /// force a moment ago. Anybody can write such a name, so this method reads nothing: the next poll of the feed, at most a second later, brings the version
    /// of the table (decision 0036).
    /// </summary>
    /// <exception cref="SessionsUnavailableException">
    /// No poll has brought the version in time, or this node can't use the keys. A token that may be genuine must not be refused.
    /// </exception>
    Task WaitUntilCurrentAsync(CancellationToken cancellationToken);
}
