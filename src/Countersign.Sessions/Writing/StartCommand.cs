using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>
/// Starts a session under the current refresh key. If the account already has its maximum of sessions, the least recently refreshed one ends.
/// </summary>
internal sealed class StartCommand(Session session, int maxPerUser) : SessionCommand<StartOutcome>
{
    /// <inheritdoc />
    public override string? UserId => session.UserId;

    /// <inheritdoc />
    public override bool LeadsToSignature => true;

    /// <inheritdoc />
    protected override StartOutcome DecideCore(SessionBatch batch)
    {
        var live = batch.LiveOf(session.UserId);
        foreach (var old in live.OrderBy(static other => other.State.RefreshedAt ?? other.CreatedAt).Take(live.Count - maxPerUser + 1))
        {
            batch.Revoke(old, RevocationReason.SessionLimit);
        }

        var started = session.With(session.State with { KeyId = batch.Keys.CurrentId });
        batch.Insert(started);
        return new StartOutcome(started, batch.Feed);
    }
}

/// <summary>A session that the writer has started.</summary>
/// <param name="Session">Its row.</param>
/// <param name="Feed">What its access token carries of the feed.</param>
internal readonly record struct StartOutcome(Session Session, FeedMark Feed);
