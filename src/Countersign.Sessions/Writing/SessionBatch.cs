using System.Collections.ObjectModel;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>The rows of one transaction. Its commands read and change them in order of arrival.</summary>
internal sealed class SessionBatch(DateTimeOffset now, RotationKeys? keys, FeedMark feed)
{
    private readonly Dictionary<Guid, Session> _sessions = [];
    private readonly Dictionary<string, HashSet<Guid>> _accounts = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _inserted = [];
    private readonly HashSet<Guid> _updated = [];
    private readonly List<RevocationEntry> _revocations = [];
    private readonly List<SecurityEvent> _events = [];
    private readonly Dictionary<Guid, int> _generations = [];

    /// <summary>The time of all decisions of the batch, read after the rows were locked.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The refresh keys in force, at least as new as those that the batch's transaction has found.</summary>
    /// <exception cref="InvalidOperationException">This node has no keys. The batch must not contain commands that need them.</exception>
    public RotationKeys Keys => keys ?? throw new InvalidOperationException("The batch was made without keys.");

    /// <summary>What the access tokens that follow from the batch carry of the feed.</summary>
    public FeedMark Feed { get; } = feed;

    /// <summary>The generations that the batch writes, by session. They are checked again after a slow commit.</summary>
    public IReadOnlyDictionary<Guid, int> WrittenGenerations => _generations;

    /// <summary>The accounts that the transaction has read, by key; null for a key that no account has.</summary>
    public IReadOnlyDictionary<object, AccountRow?> AccountRows { get; private set; } = ReadOnlyDictionary<object, AccountRow?>.Empty;

    /// <summary>The feed entries of the batch.</summary>
    public IReadOnlyList<RevocationEntry> Revocations => _revocations;

    /// <summary>Whether the batch makes all access tokens stale.</summary>
    public bool MakesAllStale { get; private set; }

    /// <summary>Takes the locked rows and the accounts that were read.</summary>
    public void Add(LoadedSessions loaded)
    {
        AccountRows = loaded.AccountRows;
        foreach (var session in loaded.Sessions)
        {
            _sessions[session.Id] = session;
        }

        foreach (var (userId, live) in loaded.LiveByUser)
        {
            var ids = _accounts[userId] = [];
            foreach (var session in live)
            {
                _sessions.TryAdd(session.Id, session);
                ids.Add(session.Id);
            }
        }
    }

    /// <summary>The row in its current state in the batch; null if there is none.</summary>
    public Session? Find(Guid id) => _sessions.GetValueOrDefault(id);

    /// <summary>An account's live sessions, in the current state of the batch.</summary>
    public IReadOnlyList<Session> LiveOf(string userId) =>
        [.. _accounts[userId].Select(id => _sessions[id]).Where(session => session.IsLive(Now))];

    /// <summary>Writes a new row.</summary>
    public void Insert(Session session)
    {
        _sessions[session.Id] = session;
        _inserted.Add(session.Id);
        if (_accounts.TryGetValue(session.UserId, out var ids))
        {
            ids.Add(session.Id);
        }
    }

    /// <summary>Writes a row's next state.</summary>
    public void Update(Session session, SessionState next)
    {
        if (next.Generation != session.State.Generation || next.Parent != session.State.Parent)
        {
            _generations[session.Id] = next.Generation;
        }

        _sessions[session.Id] = session.With(next);
        if (!_inserted.Contains(session.Id))
        {
            _updated.Add(session.Id);
        }
    }

    /// <summary>Revokes a live row, and announces it to all nodes.</summary>
    public void Revoke(Session session, RevocationReason reason)
    {
        Revoke(session, session.State with { RevokedAt = Now, RevokedReason = reason });
        if (reason == RevocationReason.Administrator)
        {
            // The audit table needs a row if one person ended another person's session. If people end their own session, the reason in the session's row is
            // enough.
            Record("session_ended_by_administrator", session, null, null);
        }
    }

    /// <summary>Writes a state in which the row is revoked, and announces it to all nodes.</summary>
    public void Revoke(Session session, SessionState revoked)
    {
        Update(session, revoked);
        Announce(session.Id, revoked.RevokedReason!.Value);
    }

    /// <summary>Announces to all nodes that a session has ended, with or without a row.</summary>
    public void Announce(Guid sessionId, RevocationReason reason) => _revocations.Add(new RevocationEntry(0, sessionId, reason, Now));

    /// <summary>Announces to all nodes that a live session's account got other claims.</summary>
    public void AnnounceClaimsChange(Guid sessionId) => _revocations.Add(new RevocationEntry(0, sessionId, Reason: null, Now));

    /// <summary>Announces to all nodes that a role has changed.</summary>
    public void MakeAllStale() => MakesAllStale = true;

    /// <summary>Adds a row to the audit table.</summary>
    /// <param name="kind">The event's name.</param>
    /// <param name="session">The session that it concerns.</param>
    /// <param name="ipAddress">The address from which the request came; null if it is not known.</param>
    /// <param name="detail">More text for a person; null if there is none.</param>
    public void Record(string kind, Session session, string? ipAddress, string? detail) =>
        _events.Add(new SecurityEvent(Guid.CreateVersion7(Now), Now, kind, session.UserId, session.Id, ipAddress, detail));

    /// <summary>Returns all changes that must be written.</summary>
    public SessionChanges ToChanges()
    {
        var changes = new SessionChanges { MakesAllStale = MakesAllStale };
        foreach (var id in _inserted)
        {
            changes.Inserted.Add(_sessions[id]);
        }

        foreach (var id in _updated)
        {
            changes.Updated.Add(_sessions[id]);
        }

        foreach (var revocation in _revocations)
        {
            changes.Revocations.Add(revocation);
        }

        foreach (var line in _events)
        {
            changes.Events.Add(line);
        }

        return changes;
    }
}
