namespace Countersign.Tokens.Revocation;

/// <summary>Why a session ended. The numbers are stored in databases and never change.</summary>
public enum RevocationReason
{
    /// <summary>The user logged this session out.</summary>
    LoggedOut = 1,

    /// <summary>The user logged every session out.</summary>
    LoggedOutEverywhere = 2,

    /// <summary>The password was changed or reset.</summary>
    PasswordChanged = 3,

    /// <summary>The account was deactivated; its tokens are refused as an inactive user's.</summary>
    AccountInactive = 4,

    /// <summary>The account was deleted.</summary>
    AccountDeleted = 5,

    /// <summary>A refresh token that had been left behind was presented: someone copied it.</summary>
    RefreshTokenReused = 6,

    /// <summary>The account had more sessions than allowed, and this was the least recently refreshed.</summary>
    SessionLimit = 7,

    /// <summary>An administrator ended the session.</summary>
    Administrator = 8,

    /// <summary>The account's security stamp moved for a reason not told apart.</summary>
    AccountChanged = 9,

    /// <summary>A client gave one of the session's tokens back at the revocation endpoint (RFC 7009 §2).</summary>
    TokenRevoked = 10,

    /// <summary>The session sent too many wrong passwords when it asked for a change of its account.</summary>
    TooManyAttempts = 11,
}
