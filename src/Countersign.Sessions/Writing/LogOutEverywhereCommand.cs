using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

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
