using Countersign.Tokens;

namespace Countersign.Sessions;

/// <summary>Why no session was started. Each error has a reason code in <see cref="SessionStartErrorCodes"/>.</summary>
public enum SessionStartError
{
    /// <summary>There is no such account.</summary>
    AccountUnknown = 1,

    /// <summary>The account is deactivated, or Identity's lockout lasts for more than a day, which counts as a ban.</summary>
    AccountInactive,

    /// <summary>Identity's lockout prevents new logins of the account for now.</summary>
    AccountLocked,

    /// <summary>The app requires a confirmed e-mail address (<c>SignInOptions.RequireConfirmedEmail</c>), and this account has none.</summary>
    EmailUnconfirmed,

    /// <summary>
    /// The app requires a confirmed account or telephone number (<c>SignInOptions.RequireConfirmedAccount</c>, <c>RequireConfirmedPhoneNumber</c>), and this
    /// account has none.
    /// </summary>
    AccountUnconfirmed,

    /// <summary>The account has a second factor, and <see cref="SignInContext.Methods"/> names none.</summary>
    SecondFactorRequired,

    /// <summary>The account has changed since <see cref="SignInContext.Stamp"/> was read.</summary>
    AccountChanged,

    /// <summary>The access token would be longer than the limit, because the account has very many or very long roles.</summary>
    TokenTooLarge,

    /// <summary><see cref="SignInContext.Methods"/> include a password, and the account has an initial password that has expired.</summary>
    PasswordExpired,

    /// <summary>The app's own <c>SigningInAsync</c> refuses the login. <see cref="SessionStartResult.Refusal"/> has its code and its words.</summary>
    Refused,
}

/// <summary>The stable reason codes of <see cref="SessionStartError"/>.</summary>
public static class SessionStartErrorCodes
{
    /// <summary>Returns the reason code that the wire carries. A published code never changes.</summary>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not a member of the enum.</exception>
    public static string ToCode(this SessionStartError error) => error switch
    {
        SessionStartError.AccountUnknown => ReasonCodes.AccountUnknown,
        SessionStartError.AccountInactive => ReasonCodes.AccountInactive,
        SessionStartError.AccountLocked => ReasonCodes.AccountLocked,
        SessionStartError.EmailUnconfirmed => ReasonCodes.EmailUnconfirmed,
        SessionStartError.AccountUnconfirmed => ReasonCodes.AccountUnconfirmed,
        SessionStartError.SecondFactorRequired => ReasonCodes.MfaRequired,
        SessionStartError.AccountChanged => ReasonCodes.AccountChanged,
        SessionStartError.TokenTooLarge => ReasonCodes.TokenTooLarge,
        SessionStartError.PasswordExpired => ReasonCodes.PasswordExpired,
        SessionStartError.Refused => ReasonCodes.SignInRefused,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not a member of SessionStartError."),
    };
}
