using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Ends the session of a token that a client has given back; answers whether it was live.</summary>
/// <remarks>
/// The client is told that its token is dead, so it has to be, whatever the row says: one that has verified is also announced where the row is gone (a database
/// that was taken back), or where it is over and this node has not heard of it yet. Neither happens twice, since the token no longer verifies then.
/// </remarks>
internal sealed class RevokeTokenCommand(Guid id, string clientId, string? ipAddress, RevocationList revocations) : SessionCommand<bool>
{
    /// <inheritdoc />
    public override Guid? SessionId => id;

    /// <inheritdoc />
    protected override bool DecideCore(SessionBatch batch)
    {
        var session = batch.Find(id);
        if (session is not null && session.IsLive(batch.Now))
        {
            batch.Revoke(session, RevocationReason.TokenRevoked);
            batch.Record("token_revoked", session, ipAddress, $"client {clientId}");
            return true;
        }

        var reason = session is null ? RevocationReason.TokenRevoked : session.State.RevokedReason;
        if (reason is { } known && !revocations.TryFind(id, out _))
        {
            batch.Announce(id, known);
        }

        return false;
    }
}
