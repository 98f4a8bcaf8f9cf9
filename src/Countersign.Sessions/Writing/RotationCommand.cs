using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Compares a refresh token with its row by the rotation table.</summary>
internal abstract class RotationCommand<TAnswer>(
    RefreshTokenClaims token,
    AccountRead account,
    string? ipAddress,
    RevocationList revocations,
    RotationPolicy policy) : SessionCommand<TAnswer>
{
    /// <inheritdoc />
    public override Guid? SessionId => token.SessionId;

    /// <inheritdoc />
    public override object? AccountKey => account.Key;

    /// <summary>Returns the token's account; null if there is none.</summary>
    protected AccountFacts? FindAccount(SessionBatch batch) => account.FactsIn(batch.AccountRows);

    /// <summary>Returns what a token with the account's claims carries of the feed.</summary>
    protected FeedMark Mark(SessionBatch batch) => batch.Feed with { Revision = account.Revision ?? batch.Feed.Revision };

    /// <summary>Decides by the rotation table, and ends the session if the decision says so.</summary>
    protected RotationDecision Judge(SessionBatch batch, AccountFacts? facts, RotationKeys keys)
    {
        var row = batch.Find(token.SessionId);
        RevocationReason? revokedHere = revocations.TryFind(token.SessionId, out var reason) ? reason : null;
        var decision = RotationRule.Decide(row, facts, token, Arrival, batch.Now, keys, revokedHere, policy);
        if (row is not null && decision.Next is { RevokedAt: not null } ended)
        {
            batch.Revoke(row, ended);
        }

        return decision;
    }

    /// <summary>Writes the event of the decision into the audit table, if it has one.</summary>
    protected void Record(SessionBatch batch, RotationCase line)
    {
        if (batch.Find(token.SessionId) is { } row && RotationEvents.NameOf(line) is { } kind)
        {
            batch.Record(kind, row, ipAddress, RotationEvents.DetailOf(token));
        }
    }
}
