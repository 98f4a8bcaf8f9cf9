namespace Countersign.Sessions;

/// <summary>The stable reason codes of <see cref="RefreshError"/>.</summary>
public static class RefreshErrorCodes
{
    /// <summary>The reason code that the wire carries; it never changes once published.</summary>
    /// <param name="error">The refusal.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not a member of the enum.</exception>
    public static string ToCode(this RefreshError error) => error switch
    {
        RefreshError.InvalidToken => "refresh_token_invalid",
        RefreshError.NoSession => "refresh_token_without_session",
        RefreshError.TokenExpired => "refresh_token_expired",
        RefreshError.SessionUnknown => "session_unknown",
        RefreshError.SessionRevoked => "session_revoked",
        RefreshError.SessionLimit => "session_limit",
        RefreshError.SessionExpired => "session_expired",
        RefreshError.CheckMismatch => "refresh_token_check_mismatch",
        RefreshError.AccountUnknown => "account_unknown",
        RefreshError.AccountInactive => "account_inactive",
        RefreshError.AccountChanged => "account_changed",
        RefreshError.SessionAhead => "session_ahead",
        RefreshError.Reused => "refresh_token_reused",
        RefreshError.TokenTooLarge => "token_too_large",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not a member of RefreshError."),
    };
}
