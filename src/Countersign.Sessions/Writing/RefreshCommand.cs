using Countersign.Sessions.Accounts;
using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Refreshes a session by the rotation table.</summary>
internal sealed class RefreshCommand(
    RefreshTokenClaims token,
    AccountRead account,
    string? ipAddress,
    RevocationList revocations,
    RotationPolicy policy,
    SessionTokenIssuer issuer) : SessionCommand<RefreshOutcome>
{
    /// <inheritdoc />
    public override Guid? SessionId => token.SessionId;

    /// <inheritdoc />
    public override AccountRead? Account => account;

    /// <inheritdoc />
    public override bool LeadsToSignature => true;

    /// <inheritdoc />
    protected override RefreshOutcome DecideCore(SessionBatch batch)
    {
        var row = batch.Find(token.SessionId);
        RevocationReason? revokedHere = revocations.TryFind(token.SessionId, out var reason) ? reason : null;
        var decision = RotationRule.Decide(row, account.Facts, token, Arrival, batch.Now, batch.Keys, revokedHere, policy);
        if (row is not null && decision.Error is null && issuer.MeasureTooLarge(row, account.Facts!) is not null)
        {
            // Before anything is written: a pair that can't be answered must not replace the one that the client has.
            decision = new RotationDecision(RotationCase.Refused, RefreshError.TokenTooLarge, null);
        }

        if (row is not null && decision.Next is { } next)
        {
            if (next.RevokedAt is not null)
            {
                batch.Revoke(row, next);
            }
            else
            {
                batch.Update(row, next);
            }

            row = batch.Find(row.Id);
        }

        if (row is not null && RotationEvents.NameOf(decision.Case) is { } kind)
        {
            batch.Record(kind, row, ipAddress, $"generation {token.Generation} presented");
        }

        return new RefreshOutcome(decision, row, batch.Now, batch.Epoch);
    }
}
