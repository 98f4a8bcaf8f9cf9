using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Revokes an account's live sessions, all or all but one; answers how many those were.</summary>
internal sealed class RevokeAllCommand(string userId, RevocationReason reason, Guid? kept = null) : SessionCommand<int>
{
    /// <inheritdoc />
    public override string? UserId => userId;

    /// <inheritdoc />
    protected override int DecideCore(SessionBatch batch)
    {
        var ending = batch.LiveOf(userId).Where(session => session.Id != kept).ToList();
        foreach (var session in ending)
        {
            batch.Revoke(session, reason);
        }

        return ending.Count;
    }
}
