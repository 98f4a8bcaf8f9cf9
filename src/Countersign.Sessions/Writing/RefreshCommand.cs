using Countersign.Sessions.Accounts;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>Refreshes a session by the rotation table.</summary>
internal sealed class RefreshCommand(
    RefreshTokenClaims token,
    AccountRead account,
    string? ipAddress,
    RevocationList revocations,
    RotationPolicy policy,
    SessionTokenIssuer issuer) : RotationCommand<RefreshOutcome>(token, account, ipAddress, revocations, policy)
{
    /// <inheritdoc />
    public override bool LeadsToSignature => true;

    /// <inheritdoc />
    protected override RefreshOutcome DecideCore(SessionBatch batch)
    {
        var facts = FindAccount(batch);
        var decision = Judge(batch, facts, batch.Keys);
        var row = batch.Find(SessionId!.Value);
        if (row is not null && decision.Error is null && issuer.MeasureTooLarge(row, facts!) is not null)
        {
            // This comes before any write: if the new pair can't be answered, it must not replace the client's current pair.
            decision = new RotationDecision(RotationCase.Refused, RefreshError.TokenTooLarge, null);
        }

        if (row is not null && decision.Next is { RevokedAt: null } next)
        {
            batch.Update(row, next);
            row = batch.Find(row.Id);
        }

        Record(batch, decision.Case);
        return new RefreshOutcome(decision, row, facts, batch.Now, Mark(batch));
    }
}

/// <summary>The writer's decision about one refresh.</summary>
/// <param name="Decision">The line of the table.</param>
/// <param name="Session">The row after the decision; null if there is none.</param>
/// <param name="Account">The account, from which the access token is made; null if there is none.</param>
/// <param name="DecidedAt">The time of the decision. It is the <c>iat</c> of the access token.</param>
/// <param name="Feed">What the access token carries of the feed.</param>
internal readonly record struct RefreshOutcome(RotationDecision Decision, Session? Session, AccountFacts? Account, DateTimeOffset DecidedAt, FeedMark Feed);
