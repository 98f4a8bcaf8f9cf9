namespace Countersign.Sessions;

/// <summary>The stable reason codes of <see cref="SessionStartError"/>.</summary>
public static class SessionStartErrorCodes
{
    /// <summary>The reason code that the wire carries; it never changes once published.</summary>
    /// <param name="error">The refusal.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not a member of the enum.</exception>
    public static string ToCode(this SessionStartError error) => error switch
    {
        SessionStartError.AccountUnknown => "account_unknown",
        SessionStartError.AccountInactive => "account_inactive",
        SessionStartError.AccountLocked => "account_locked",
        SessionStartError.EmailUnconfirmed => "email_unconfirmed",
        SessionStartError.AccountUnconfirmed => "account_unconfirmed",
        SessionStartError.SecondFactorRequired => "mfa_required",
        SessionStartError.AccountChanged => "account_changed",
        SessionStartError.TokenTooLarge => "token_too_large",
        SessionStartError.PasswordExpired => "password_expired",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not a member of SessionStartError."),
    };
}
