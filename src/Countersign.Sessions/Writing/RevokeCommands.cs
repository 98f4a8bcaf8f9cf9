using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Revokes one session. It answers whether the session was live.</summary>
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

/// <summary>Revokes an account's live sessions, all or all except one. It answers how many there were.</summary>
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

/// <summary>Ends the session of a verified token, for its holder or a client. It answers whether the session was live.</summary>
/// <remarks>
/// The caller is told that the token is no longer valid, so this must be true for any row. The revocation is also announced if the row does not exist (after a
/// database was restored), or if the session has ended and this node does not know it yet. Neither can happen twice, because the token no longer verifies after
/// that.
/// </remarks>
/// <param name="id">The session that the token names.</param>
/// <param name="reason">The reason, unless the session has already ended.</param>
/// <param name="client">The client that asked for it, and its address, for the audit table; null if the session's own person asked.</param>
/// <param name="revocations">This node's revocation list.</param>
internal sealed class RevokeTokenCommand(
    Guid id, RevocationReason reason, (string Id, string? IpAddress)? client, RevocationList revocations) : SessionCommand<bool>
{
    /// <inheritdoc />
    public override Guid? SessionId => id;

    /// <inheritdoc />
    protected override bool DecideCore(SessionBatch batch) => End(batch, id, reason, client, revocations);

    /// <summary>Ends the session in a batch.</summary>
    public static bool End(SessionBatch batch, Guid id, RevocationReason reason, (string Id, string? IpAddress)? client, RevocationList revocations)
    {
        var session = batch.Find(id);
        if (session is not null && session.IsLive(batch.Now))
        {
            batch.Revoke(session, reason);
            if (client is { } asked)
            {
                batch.Record("token_revoked", session, asked.IpAddress, $"client {asked.Id}");
            }

            return true;
        }

        var known = session is null ? reason : session.State.RevokedReason;
        if (known is { } announced && !revocations.TryFind(id, out _))
        {
            batch.Announce(id, announced);
        }

        return false;
    }
}
