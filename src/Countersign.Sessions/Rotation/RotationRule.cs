using System.Security.Cryptography;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Rotation;

/// <summary>
/// Decides on the rotation of refresh tokens. It is a pure function of row, account, token, arrival, now and policy. The session writer applies it while the
/// row is locked.
/// </summary>
/// <remarks>
/// <para>
/// Age is arrival − <c>RefreshedAt</c>. A negative age counts as 0, so that the first of two clients does not look like a thief because a commit was slow. If
/// <c>RefreshedAt</c> is null, the age is infinite. A <c>RefreshedAt</c> more than <see cref="RotationPolicy.FutureTolerance"/> ahead of now counts as now.
/// The minimum rotation interval is twice the grace. The first line of the table that fits applies:
/// </para>
/// <list type="table">
/// <listheader><term>Case</term><description>Result</description></listheader>
/// <item>
/// <term>1. unknown; the check does not fit; revoked; account gone, inactive or changed; session expired</term>
/// <description>
/// refused, each with a separate reason. A live session ends if its account is gone, inactive or changed; otherwise nothing is written
/// </description>
/// </item>
/// <item><term>2. gen = Generation, age ≤ the minimum interval</term><description>the same refresh token again; nothing is written</description></item>
/// <item><term>3. gen = Generation</term><description>Parent = gen, Generation + 1</description></item>
/// <item>
/// <term>4. gen = Parent, or gen = Generation − 1 (the child that was replaced last), age ≤ grace</term>
/// <description>the pair for Generation; nothing is written</description>
/// </item>
/// <item>
/// <term>5. gen = Parent, age ≤ lost-response window, the token has not expired</term>
/// <description>the answer must have been lost: Generation + 1, Parent stays; the replaced child is an orphan</description>
/// </item>
/// <item>
/// <term>6. gen = Generation + 1 and iat > <c>RefreshedAt</c> (null is earlier than any time)</term>
/// <description>a failover lost one write, which is repeated: Generation = gen, Parent = par</description>
/// </item>
/// <item>
/// <term>7. gen > Generation</term>
/// <description>
/// refused, <see cref="RefreshError.SessionAhead"/>; nothing is written. For a time after a restored backup it is like line 6, if
/// <see cref="CountersignRefreshOptions.AfterRestore"/> says so and iat is after the backup
/// </description>
/// </item>
/// <item><term>8. anything else, expired or not</term><description>reuse: the session is revoked, <see cref="RefreshError.Reused"/></description></item>
/// </list>
/// <para>
/// An expired token never gets a pair. If it fits line 2, 3, 4, 6 or 7, it is refused with <see cref="RefreshError.TokenExpired"/>, and nothing is written. But
/// its generation is compared first, because the owner of a stolen session may return only after that expiry. For the same reason it does not fit line 5: the
/// owner may have been away while a thief refreshed once. A client whose answer was lost must then log in again in any case.
/// </para>
/// <para>
/// The reasons of line 1 are checked in this order. First, whether the token belongs to the row (its <c>sub</c> and its <c>chk</c>), so that a thief who only
/// has a refresh key learns nothing about a session. Second, revocation, in the row or in this node's list, because it is final. Third, the account, because
/// a new login solves an expiry, but not an inactive account. Last, the session's expiry. A session that has ended can't end again, so none of its tokens is
/// reuse. If the token has expired too, or the row was cleaned up, the answer is <see cref="RefreshError.TokenExpired"/>.
/// </para>
/// <para>
/// If the row names a key that can't sign any more (it was revoked or lost), lines 2 and 4 write too: the row gets the current key, and nothing else in it
/// changes. Its generation is kept for the same time as before, so that a revoked key changes no decision and logs nobody out (decision 0019).
/// </para>
/// <para>
/// Lines 3, 5 and 6 set <c>RefreshedAt</c> to now and <c>KeyId</c> to the current refresh key, and extend the idle expiry, at most to the absolute expiry.
/// Apart from a lost key, lines 2 and 4 write only if <c>RefreshedAt</c> was too far ahead: it becomes now. Lines 1 and 8 write only the revocation.
/// </para>
/// </remarks>
internal static class RotationRule
{
    /// <summary>Decides one refresh. Equal arguments give equal decisions, and nothing is changed.</summary>
    /// <param name="row">The session that the token names, read while it is locked; null if there is none.</param>
    /// <param name="account">The account that the token names; null if it does not exist any more.</param>
    /// <param name="token">The token, with a verified signature.</param>
    /// <param name="arrival">When the request arrived on the session clock, before any wait.</param>
    /// <param name="now">The time of the decision on the same clock.</param>
    /// <param name="keys">The refresh key for new generations, and the keys with which old generations can be answered.</param>
    /// <param name="revoked">The reason in this node's own revocation list; null if the session is not in the list.</param>
    /// <param name="policy">The settings of rotation.</param>
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

    /// <summary>Whether a token belongs to the row: its session, its account, and the check of its generation.</summary>
    public static bool BelongsTo(Session row, in RefreshTokenClaims token) =>
        token.SessionId == row.Id
        && string.Equals(token.UserId, row.UserId, StringComparison.Ordinal)
        && RefreshTokenMac.Fits(row, token.Generation, token.Check.Span);

    /// <summary>Whether line 8 applies to a token of a live row, without regard to the account. It is used when the session ends in any case.</summary>
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

        // A generation of the largest number has no next one. It is possible only with an interval of zero, if a client refreshes in a loop for days.
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

    /// <summary>Lines 2 to 8, for a live session.</summary>
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

    private static SessionState End(in SessionState state, DateTimeOffset now, RevocationReason reason) =>
        state with { RevokedAt = now, RevokedReason = reason };

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
