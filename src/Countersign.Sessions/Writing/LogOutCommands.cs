using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>
/// Ends the session of a refresh token of any generation, for its holder or a client. It answers whether the token belongs to a session that has a row. An
/// expired token does nothing, unless rotation had already replaced it.
/// </summary>
/// <remarks>
/// The session ends in any case, so a replaced token can do no harm here. But it is still recorded: the reason is then
/// <see cref="RevocationReason.RefreshTokenReused"/>, and the audit table gets the row.
/// </remarks>
internal sealed class LogOutCommand(
    RefreshTokenClaims token,
    RevocationReason reason,
    string? clientId,
    string? ipAddress,
    RevocationList revocations,
    RotationPolicy policy) : SessionCommand<bool>
{
    /// <inheritdoc />
    public override Guid? SessionId => token.SessionId;

    /// <inheritdoc />
    protected override bool DecideCore(SessionBatch batch)
    {
        if (batch.Find(token.SessionId) is not { } row || !RotationRule.BelongsTo(row, token))
        {
            return false;
        }

        var wasLive = row.IsLive(batch.Now);
        var isLeftBehind = wasLive && RotationRule.IsLeftBehind(row, token, Arrival, batch.Now, policy);
        if (!isLeftBehind && batch.Now >= token.ExpiresAt)
        {
            return false;
        }

        var ended = isLeftBehind ? RevocationReason.RefreshTokenReused : reason;
        RevokeTokenCommand.End(batch, row.Id, ended, clientId is null ? null : (clientId, ipAddress), revocations);
        if (isLeftBehind)
        {
            batch.Record(RotationEvents.NameOf(RotationCase.Reuse)!, row, ipAddress, RotationEvents.DetailOf(token));
        }

        return true;
    }
}

/// <summary>Ends all sessions of an account, if the refresh token would get a pair. Otherwise it answers why not.</summary>
/// <remarks>A token that was already replaced counts as reuse here too. It ends only its own session.</remarks>
internal sealed class LogOutEverywhereCommand(
    RefreshTokenClaims token,
    AccountRead account,
    string? ipAddress,
    RevocationList revocations,
    RotationPolicy policy) : RotationCommand<RefreshError?>(token, account, ipAddress, revocations, policy)
{
    /// <inheritdoc />
    public override string? UserId { get; } = token.UserId;

    /// <inheritdoc />
    protected override RefreshError? DecideCore(SessionBatch batch)
    {
        var decision = Judge(batch, FindAccount(batch), RotationKeys.None);
        if (decision.Error is { } error)
        {
            Record(batch, decision.Case);
            return error;
        }

        foreach (var session in batch.LiveOf(UserId!))
        {
            batch.Revoke(session, RevocationReason.LoggedOutEverywhere);
        }

        return null;
    }
}
