using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>
/// Ends the session of a refresh token, of any generation, at its holder's wish or a client's; answers whether the token is of a session that has a row. An
/// expired token does nothing, unless it was left behind.
/// </summary>
/// <remarks>
/// The session ends in any case, so a token that was left behind does no harm here. That it came back is written down all the same: the reason is then
/// <see cref="RevocationReason.RefreshTokenReused"/>, and the audit table has the line.
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

/// <summary>Ends all of an account's sessions by a refresh token that would be answered with a pair; answers why not, where it would not.</summary>
/// <remarks>A token that was left behind is reuse here too: it ends its own session, and no other.</remarks>
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
