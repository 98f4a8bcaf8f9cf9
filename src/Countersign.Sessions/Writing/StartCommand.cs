using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Starts a session; the one least recently refreshed gives way when the account has as many as it may have.</summary>
internal sealed class StartCommand(Session session, int maxPerUser) : SessionCommand<StartOutcome>
{
    /// <inheritdoc />
    public override string? UserId => session.UserId;

    /// <inheritdoc />
    protected override StartOutcome DecideCore(SessionBatch batch)
    {
        var live = batch.LiveOf(session.UserId);
        foreach (var old in live.OrderBy(static other => other.State.RefreshedAt ?? other.CreatedAt).Take(live.Count - maxPerUser + 1))
        {
            batch.Revoke(old, RevocationReason.SessionLimit);
        }

        batch.Insert(session);
        return new StartOutcome(session, batch.KeyVersion);
    }
}
