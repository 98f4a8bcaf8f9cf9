namespace Countersign.Sessions.Keys;

/// <summary>Where this node's keys come from: the database, or a shared secret.</summary>
internal interface IKeySource
{
    /// <summary>The fault of a node that has not started yet.</summary>
    const string NotLoaded = "The keys are not loaded.";

    /// <summary>Why this node can't use the keys that are in force, in words without secrets; null if it can.</summary>
    string? Fault { get; }

    /// <summary>Whether the keys that are loaded are others than those of a version of the key table.</summary>
    bool IsBehind(long version);

    /// <summary>Loads the keys into the rings, and makes the first ones if there are none.</summary>
    /// <exception cref="InvalidOperationException">
    /// The keys of the database can't be used with the configured master key; the message says what to do.
    /// </exception>
    Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Loads the keys if those that are loaded are others than those of a version of the table. After a failure, the same version is tried
    /// again a second later; until then this fails at once.
    /// </summary>
    /// <param name="version">The version that a statement has found.</param>
    /// <param name="sentTimestamp">When that statement was sent, on the monotonic clock.</param>
    /// <param name="cancellationToken">Ends the wait and the load.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="LoadAsync"/>, or the last attempt has failed less than a second ago.</exception>
    Task CatchUpAsync(long version, long sentTimestamp, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until the keys that are loaded are those in force now, or newer ones, because a token names a key that is not loaded. Another
    /// node may have put that key in force a moment ago. But anybody can write such a name, so nothing is read for it: the next poll of the
    /// feed, which comes each second, brings the version of the table in any case (decision 0036).
    /// </summary>
    /// <exception cref="SessionsUnavailableException">
    /// No poll has brought it in time, or this node can't use the keys. A token that may be genuine is not refused.
    /// </exception>
    Task WaitUntilCurrentAsync(CancellationToken cancellationToken);
}
