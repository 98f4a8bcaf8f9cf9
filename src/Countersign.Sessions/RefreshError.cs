using Countersign.Tokens;

namespace Countersign.Sessions;

/// <summary>
/// Why a refresh was refused. All but <see cref="TokenTooLarge"/> are <c>invalid_grant</c> on the wire (RFC 6749 §5.2), each with the reason code of
/// <see cref="RefreshErrorCodes"/>.
/// </summary>
public enum RefreshError
{
    /// <summary>Not a refresh token that this service signed, or signed under a key that is gone.</summary>
    InvalidToken = 1,

    /// <summary>A genuine refresh token without a session, as <c>TokenIssuer</c> makes for the specification: it can't be rotated.</summary>
    NoSession,

    /// <summary>The token's own expiry has passed.</summary>
    TokenExpired,

    /// <summary>No row has the session's id.</summary>
    SessionUnknown,

    /// <summary>The session was revoked: a logout, a changed password, an administrator, a token that was used twice.</summary>
    SessionRevoked,

    /// <summary>The session was idle for too long, or has reached its absolute expiry.</summary>
    SessionExpired,

    /// <summary>The signature is genuine and <c>chk</c> does not fit the row: a token forged with a stolen key, or a row that was replaced.</summary>
    CheckMismatch,

    /// <summary>The account is gone.</summary>
    AccountUnknown,

    /// <summary>The account is deactivated.</summary>
    AccountInactive,

    /// <summary>The account's security stamp has moved since the login (a changed password or address).</summary>
    AccountChanged,

    /// <summary>The token is of a generation that the row has not reached: a database taken back further than one rotation.</summary>
    SessionAhead,

    /// <summary>The token was left behind by rotation: it was copied. The session is revoked.</summary>
    Reused,

    /// <summary>The account had more sessions than it may have, and this was the one least recently refreshed.</summary>
    SessionLimit,

    /// <summary>The access token would be longer than tokens may be: the account has got very many or very long roles. The session lives.</summary>
    TokenTooLarge,
}

/// <summary>The stable reason codes of <see cref="RefreshError"/>.</summary>
public static class RefreshErrorCodes
{
    /// <summary>The reason code that the wire carries; it never changes once published.</summary>
    /// <param name="error">The refusal.</param>
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
