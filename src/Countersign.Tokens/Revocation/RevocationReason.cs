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

    /// <summary>The account was deactivated. Its tokens are refused as tokens of an inactive user.</summary>
    AccountInactive = 4,

    /// <summary>The account was deleted.</summary>
    AccountDeleted = 5,

    /// <summary>An old refresh token was used again: a client or a thief has a copy of it.</summary>
    RefreshTokenReused = 6,

    /// <summary>The account had more sessions than allowed, and this one was the least recently refreshed.</summary>
    SessionLimit = 7,

    /// <summary>An administrator ended the session.</summary>
    Administrator = 8,

    /// <summary>The account's security stamp changed for another reason.</summary>
    AccountChanged = 9,

    /// <summary>A client revoked one of the session's tokens at the revocation endpoint (RFC 7009 §2).</summary>
    TokenRevoked = 10,

    /// <summary>The session sent too many wrong passwords in requests to change its account.</summary>
    TooManyAttempts = 11,
}
