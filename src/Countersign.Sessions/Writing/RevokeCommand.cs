using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Revokes one session; answers whether it was live.</summary>
internal sealed class RevokeCommand(Guid id, RevocationReason reason) : SessionCommand<bool>
{
    /// <inheritdoc />
    public override Guid? SessionId => id;

    /// <inheritdoc />
    protected override bool DecideCore(SessionBatch batch)
    {
        if (batch.Find(id) is not { } session || !session.IsLive(batch.Now))
        {
            return false;
        }

        batch.Revoke(session, reason);
        return true;
    }
}
