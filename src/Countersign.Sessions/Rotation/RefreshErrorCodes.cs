using Countersign.Tokens;

namespace Countersign.Sessions.Rotation;

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
