using System.Security.Cryptography;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Rotation;

/// <summary>
/// The rotation of refresh tokens: a pure function of row, account, token, arrival, now and policy. The session writer applies it under the row's lock.
/// </summary>
/// <remarks>
/// <para>
/// Age is arrival − <c>RefreshedAt</c>: negative counts as 0 (whoever was there first never becomes a thief because a commit stalled), null as infinite. A
/// <c>RefreshedAt</c> more than <see cref="RotationPolicy.FutureTolerance"/> ahead of now counts as now. The minimum rotation interval is twice the grace.
/// The first line that fits:
/// </para>
/// <list type="table">
/// <listheader><term>Case</term><description>NoStoreJson</description></listheader>
/// <item>
/// <term>1. unknown; the check does not fit; revoked; account gone, inactive or changed; session expired</term>
/// <description>refused, each for its own reason. A live session whose account is gone, inactive or changed ends; otherwise nothing is written</description>
/// </item>
/// <item><term>2. gen = Generation, age ≤ the minimum interval</term><description>the same refresh token again; nothing is written</description></item>
/// <item><term>3. gen = Generation</term><description>Parent = gen, Generation + 1</description></item>
/// <item>
/// <term>4. gen = Parent, or gen = Generation − 1 (the child displaced last), age ≤ grace</term>
/// <description>the pair for Generation; nothing is written</description>
/// </item>
/// <item>
/// <term>5. gen = Parent, age ≤ lost-response window, the token has not expired</term>
/// <description>the answer must have been lost: Generation + 1, Parent stays; the child displaced is an orphan</description>
/// </item>
/// <item>
/// <term>6. gen = Generation + 1 and iat > <c>RefreshedAt</c> (null is earlier than any)</term>
/// <description>a failover lost one write, it is done again: Generation = gen, Parent = par</description>
/// </item>
/// <item>
/// <term>7. gen > Generation</term>
/// <description>
/// refused, <see cref="RefreshError.SessionAhead"/>; nothing is written. For a time after a restored backup, where
/// <see cref="CountersignRefreshOptions.AfterRestore"/> says so and iat is after the backup: as line 6
/// </description>
/// </item>
/// <item><term>8. anything else, expired or not</term><description>reuse: the session is revoked, <see cref="RefreshError.Reused"/></description></item>
/// </list>
/// <para>
/// A token past its own expiry never earns a pair: where it fits line 2, 3, 4, 6 or 7 it is refused, <see cref="RefreshError.TokenExpired"/>, and nothing is
/// written. But its generation is compared first, because the owner of a stolen session may come back only after that expiry. For the same reason it does not
/// fit line 5: a client whose answer was lost has to log in again then in any case, and its owner may be the one who was away while a thief refreshed once.
/// </para>
/// <para>
/// The reasons of line 1 have this order. First whether the token belongs to the row at all (its <c>sub</c> and its <c>chk</c>): a holder of a refresh
/// key alone learns nothing about a session. Then revocation, in the row or in this node's list, since it is final. Then the account, because a new login mends
/// an expiry and no inactive account. Then the session's expiry. A session that is over has nothing that could be ended, so no token of it is reuse; where the
/// token has expired too, or the row was cleaned up since, the answer is <see cref="RefreshError.TokenExpired"/>.
/// </para>
/// <para>
/// Where the row names a key that can't sign any more (it was revoked, or lost), lines 2 and 4 write too: the row goes over to the current key, and nothing
/// else of it moves. Its generation stands for as long as it would have, so that a revoked key changes no decision, and logs nobody out (decision 0019).
/// </para>
/// <para>
/// Lines 3, 5 and 6 set <c>RefreshedAt</c> to now, <c>KeyId</c> to the current refresh key, and slide the idle expiry, at most to the absolute one. Lines 2
/// and 4 write otherwise only where <c>RefreshedAt</c> was that far ahead: it becomes now. Lines 1 and 8 write the revocation alone.
/// </para>
/// </remarks>
internal static class RotationRule
{
    /// <summary>Decides one refresh. Pure: equal arguments give equal decisions, and nothing is changed.</summary>
    /// <param name="row">The session that the token names, read under its lock; null if there is none.</param>
    /// <param name="account">The account that the token names; null if it is gone.</param>
    /// <param name="token">The token, its signature verified.</param>
    /// <param name="arrival">When the request arrived on the session clock, before anything waited.</param>
    /// <param name="now">The instant of the decision on the same clock.</param>
    /// <param name="keys">The refresh key under which new generations are written, and those under which an old one can be answered.</param>
    /// <param name="revoked">The reason this node's own list holds for the session; null if it holds none.</param>
    /// <param name="policy">The figures of rotation.</param>
    public static RotationDecision Decide(
        Session? row,
        AccountFacts? account,
        in RefreshTokenClaims token,
        DateTimeOffset arrival,
        DateTimeOffset now,
        RotationKeys keys,
        RevocationReason? revoked,
        RotationPolicy policy)
    {
        if (row is null)
        {
            return Refuse(now >= token.ExpiresAt ? RefreshError.TokenExpired : RefreshError.SessionUnknown);
        }

        return FindProblem(row, account, token, now, revoked) ?? Compare(row, token, arrival, now, keys, policy);
    }

    /// <summary>Whether a token is the row's: its session, its account, and the check of its generation.</summary>
    public static bool BelongsTo(Session row, in RefreshTokenClaims token) =>
        token.SessionId == row.Id
        && string.Equals(token.UserId, row.UserId, StringComparison.Ordinal)
        && RefreshTokenMac.Fits(row, token.Generation, token.Check.Span);

    /// <summary>Whether a token that belongs to a live row is line 8, without regard to the account: for what ends the session in any case.</summary>
    public static bool IsLeftBehind(Session row, in RefreshTokenClaims token, DateTimeOffset arrival, DateTimeOffset now, RotationPolicy policy) =>
        Compare(row, token, arrival, now, RotationKeys.None, policy).Case == RotationCase.Reuse;

    private static RotationDecision Refuse(RefreshError error) => new(RotationCase.Refused, error, null);

    /// <summary>Line 1.</summary>
    private static RotationDecision? FindProblem(Session row, AccountFacts? account, in RefreshTokenClaims token, DateTimeOffset now, RevocationReason? revoked)
    {
        var state = row.State;
        if (!BelongsTo(row, token))
        {
            return Refuse(RefreshError.CheckMismatch);
        }

        if (state.RevokedAt is not null || revoked is not null)
        {
            return Refuse(ToError(state.RevokedAt is null ? revoked : state.RevokedReason));
        }

        if (FindAccountFault(row, account) is var (error, reason))
        {
            return row.IsLive(now) ? new RotationDecision(RotationCase.Refused, error, End(state, now, reason)) : Refuse(error);
        }

        // A counter that has run out has no next generation: possible only with an interval of zero, by a client that refreshes in a loop for days.
        if (!row.IsLive(now) || state.Generation == int.MaxValue)
        {
            return Refuse(now >= token.ExpiresAt ? RefreshError.TokenExpired : RefreshError.SessionExpired);
        }

        return null;
    }

    private static (RefreshError Error, RevocationReason Reason)? FindAccountFault(Session row, AccountFacts? account)
    {
        if (account is null || !string.Equals(account.UserId, row.UserId, StringComparison.Ordinal))
        {
            return (RefreshError.AccountUnknown, RevocationReason.AccountDeleted);
        }

        if (!account.IsActive)
        {
            return (RefreshError.AccountInactive, RevocationReason.AccountInactive);
        }

        return CryptographicOperations.FixedTimeEquals(account.Stamp.Span, row.Stamp.Span)
            ? null
            : (RefreshError.AccountChanged, RevocationReason.AccountChanged);
    }

    /// <summary>Lines 2 to 8, of a live session.</summary>
    private static RotationDecision Compare(
        Session row, in RefreshTokenClaims token, DateTimeOffset arrival, DateTimeOffset now, RotationKeys keys, RotationPolicy policy)
    {
        var state = row.State;
        var isFarAhead = state.RefreshedAt - now > RotationPolicy.FutureTolerance;
        var refreshedAt = isFarAhead ? now : state.RefreshedAt;
        var age = Age(refreshedAt, arrival);
        var isParent = token.Generation == state.Parent;
        var isExpired = now >= token.ExpiresAt;

        return token.Generation.CompareTo(state.Generation) switch
        {
            >= 0 when isExpired => Refuse(RefreshError.TokenExpired),
            0 when age <= policy.MinimumRotationInterval => Answer(RotationCase.Repeated),
            0 => Write(RotationCase.Rotated, state.Generation + 1, token.Generation),
            < 0 when age <= policy.Grace && (isParent || token.Generation == state.Generation - 1) =>
                isExpired ? Refuse(RefreshError.TokenExpired) : Answer(RotationCase.ParentReplayed),
            < 0 when age <= policy.LostResponseWindow && isParent && !isExpired => Write(RotationCase.AnswerLost, state.Generation + 1, state.Parent),
            > 0 when token.Generation - 1 == state.Generation && IsLater(token.IssuedAt, refreshedAt) =>
                Write(RotationCase.WriteLost, token.Generation, token.Parent),
            > 0 when policy.Restored?.Takes(token.IssuedAt, now) is true => Write(RotationCase.WriteLost, token.Generation, token.Parent),
            > 0 => new(RotationCase.Ahead, RefreshError.SessionAhead, null),
            _ => new(RotationCase.Reuse, RefreshError.Reused, End(state, now, RevocationReason.RefreshTokenReused)),
        };

        RotationDecision Answer(RotationCase line)
        {
            var canSign = keys.SigningIds.Contains(state.KeyId);
            return new(line, null, isFarAhead || !canSign ? state with { RefreshedAt = refreshedAt, KeyId = canSign ? state.KeyId : keys.CurrentId } : null);
        }

        RotationDecision Write(RotationCase line, int generation, int? parent) => new(line, null, state with
        {
            Generation = generation,
            Parent = parent,
            KeyId = keys.CurrentId,
            RefreshedAt = now,
            IdleExpiresAt = Earlier(now + policy.IdleLifetime, row.ExpiresAt),
        });
    }

    private static SessionState End(in SessionState state, DateTimeOffset now, RevocationReason reason) => state with { RevokedAt = now, RevokedReason = reason };

    private static RefreshError ToError(RevocationReason? reason) => reason switch
    {
        RevocationReason.AccountInactive => RefreshError.AccountInactive,
        RevocationReason.AccountDeleted => RefreshError.AccountUnknown,
        RevocationReason.AccountChanged => RefreshError.AccountChanged,
        RevocationReason.SessionLimit => RefreshError.SessionLimit,
        _ => RefreshError.SessionRevoked,
    };

    private static TimeSpan Age(DateTimeOffset? refreshedAt, DateTimeOffset arrival)
    {
        if (refreshedAt is not { } instant)
        {
            return TimeSpan.MaxValue;
        }

        return arrival > instant ? arrival - instant : TimeSpan.Zero;
    }

    private static bool IsLater(DateTimeOffset issuedAt, DateTimeOffset? refreshedAt) => refreshedAt is null || issuedAt > refreshedAt;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
