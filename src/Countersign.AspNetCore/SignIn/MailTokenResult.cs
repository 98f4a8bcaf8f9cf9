using Countersign.AspNetCore.Identity;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The result of a request with the token of a mail.</summary>
/// <param name="Fault">Null on success.</param>
/// <param name="RetryAfter">How long to wait, after too many attempts.</param>
/// <param name="Change">The change of the account that failed.</param>
internal readonly record struct MailTokenResult(MailTokenFault? Fault, TimeSpan RetryAfter = default, AccountChange Change = default)
{
    /// <summary>Makes the result of a change.</summary>
    public static MailTokenResult Of(AccountChange change) => new(change.Succeeded ? null : MailTokenFault.ChangeFailed, Change: change);
}

/// <summary>Why a request with the token of a mail was refused.</summary>
internal enum MailTokenFault
{
    /// <summary>The network has sent too many.</summary>
    TooManyAttempts = 1,

    /// <summary>The token is unknown, expired, used, replaced, or for something else.</summary>
    TokenInvalid,

    /// <summary>The password is not the account's.</summary>
    WrongPassword,

    /// <summary>The account could not be changed.</summary>
    ChangeFailed,
}
