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

/// <summary>Ends the session of a token that has verified, at its holder's wish or a client's; answers whether it was live.</summary>
/// <remarks>
/// The caller is told that the token is dead, so it has to be, whatever the row says: it is also announced where the row is gone (a database that was taken
/// back), or where it is over and this node has not heard of it yet. Neither happens twice, since the token no longer verifies then.
/// </remarks>
/// <param name="id">The session that the token names.</param>
/// <param name="reason">Why it ends, where nothing has ended it before.</param>
/// <param name="client">Which client asked for it and from where, for the audit table; null for the person whose session it is.</param>
/// <param name="revocations">What this node knows of.</param>
internal sealed class RevokeTokenCommand(Guid id, RevocationReason reason, (string Id, string? IpAddress)? client, RevocationList revocations) : SessionCommand<bool>
{
    /// <inheritdoc />
    public override Guid? SessionId => id;

    /// <inheritdoc />
    protected override bool DecideCore(SessionBatch batch) => End(batch, id, reason, client, revocations);

    /// <summary>Ends it in a batch.</summary>
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
