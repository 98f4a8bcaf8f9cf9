using Countersign.Tokens;

namespace Countersign.Sessions;

/// <summary>
/// Why a refresh was refused. On the wire, each error except <see cref="TokenTooLarge"/> is <c>invalid_grant</c> (RFC 6749 §5.2), with its reason code from
/// <see cref="RefreshErrorCodes"/>.
/// </summary>
public enum RefreshError
{
    /// <summary>The text is not a refresh token of this service, or the key that signed it was deleted.</summary>
    InvalidToken = 1,

    /// <summary>A genuine refresh token without a session, as <c>TokenIssuer</c> makes it for the original specification. It can't be rotated.</summary>
    NoSession,

    /// <summary>The token itself has expired.</summary>
    TokenExpired,

    /// <summary>The database has no session with this id.</summary>
    SessionUnknown,

    /// <summary>The session was revoked: by a logout, a changed password, an administrator, or because a token was used twice.</summary>
    SessionRevoked,

    /// <summary>The session had no refresh for too long, or it has reached its absolute expiry.</summary>
    SessionExpired,

    /// <summary>
    /// The signature is genuine, but the claim <c>chk</c> does not fit the session's row. The token was forged with a stolen key, or the row was replaced.
    /// </summary>
    CheckMismatch,

    /// <summary>The account does not exist any more.</summary>
    AccountUnknown,

    /// <summary>The account is deactivated.</summary>
    AccountInactive,

    /// <summary>The account's security stamp has changed since the login, for example with a new password or address.</summary>
    AccountChanged,

    /// <summary>The token's generation is more than one ahead of the session's row. The database was restored to an older state.</summary>
    SessionAhead,

    /// <summary>The token was already replaced by rotation, so it was copied. The session is revoked.</summary>
    Reused,

    /// <summary>A new login has ended this session, because the account had too many. It was the session that was least recently refreshed.</summary>
    SessionLimit,

    /// <summary>The access token would be longer than the limit, because the account has very many or very long roles. The session goes on.</summary>
    TokenTooLarge,
}

/// <summary>The stable reason codes of <see cref="RefreshError"/>.</summary>
public static class RefreshErrorCodes
{
    /// <summary>Returns the reason code that the wire carries. A published code never changes.</summary>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not a member of the enum.</exception>
    public static string ToCode(this RefreshError error) => error switch
    {
        RefreshError.InvalidToken => ReasonCodes.RefreshTokenInvalid,
        RefreshError.NoSession => ReasonCodes.RefreshTokenWithoutSession,
        RefreshError.TokenExpired => ReasonCodes.RefreshTokenExpired,
        RefreshError.SessionUnknown => ReasonCodes.SessionUnknown,
        RefreshError.SessionRevoked => ReasonCodes.SessionRevoked,
        RefreshError.SessionLimit => ReasonCodes.SessionLimit,
        RefreshError.SessionExpired => ReasonCodes.SessionExpired,
        RefreshError.CheckMismatch => ReasonCodes.RefreshTokenCheckMismatch,
        RefreshError.AccountUnknown => ReasonCodes.AccountUnknown,
        RefreshError.AccountInactive => ReasonCodes.AccountInactive,
        RefreshError.AccountChanged => ReasonCodes.AccountChanged,
        RefreshError.SessionAhead => ReasonCodes.SessionAhead,
        RefreshError.Reused => ReasonCodes.RefreshTokenReused,
        RefreshError.TokenTooLarge => ReasonCodes.TokenTooLarge,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not a member of RefreshError."),
    };
}
