namespace Countersign.Sessions.Stores;

/// <summary>All that one transaction writes.</summary>
internal sealed class SessionChanges
{
    /// <summary>New rows.</summary>
    public IList<Session> Inserted { get; } = [];

    /// <summary>Rows whose state has changed: only <see cref="Session.State"/> is written.</summary>
    public IList<Session> Updated { get; } = [];

    /// <summary>Revocations to be told to every node.</summary>
    public IList<RevocationEntry> Revocations { get; } = [];

    /// <summary>Events for the audit table.</summary>
    public IList<SecurityEvent> Events { get; } = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Inserted.Count == 0 && Updated.Count == 0 && Revocations.Count == 0 && Events.Count == 0;
}
