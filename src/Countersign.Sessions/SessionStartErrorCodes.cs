using Countersign.Tokens;

namespace Countersign.Sessions;

/// <summary>The stable reason codes of <see cref="SessionStartError"/>.</summary>
public static class SessionStartErrorCodes
{
    /// <summary>The reason code that the wire carries; it never changes once published.</summary>
    /// <param name="error">The refusal.</param>
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
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not a member of SessionStartError."),
    };
}
