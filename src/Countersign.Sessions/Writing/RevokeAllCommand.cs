using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Revokes all of an account's live sessions; answers how many there were.</summary>
internal sealed class RevokeAllCommand(string userId, RevocationReason reason) : SessionCommand<int>
{
    /// <inheritdoc />
    public override string? UserId => userId;

    /// <inheritdoc />
    protected override int DecideCore(SessionBatch batch)
    {
        var live = batch.LiveOf(userId);
        foreach (var session in live)
        {
            batch.Revoke(session, reason);
        }

        return live.Count;
    }
}
