namespace Countersign.AspNetCore.Identity;

/// <summary>Why an account was not created or changed.</summary>
internal enum AccountError
{
    /// <summary>The account does not exist.</summary>
    NotFound = 1,

    /// <summary>The text is not an e-mail address that this service accepts, see <see cref="EmailAddress"/>, or the app's own rules refuse it.</summary>
    EmailInvalid,

    /// <summary>Another account has the address as its e-mail address or as its user name.</summary>
    EmailTaken,

    /// <summary>The password breaks rules, see <see cref="AccountChange.Violations"/>.</summary>
    PasswordRefused,

    /// <summary>The app's user type has no display name.</summary>
    DisplayNameUnsupported,

    /// <summary>The display name is too long, or has characters that can't be read.</summary>
    DisplayNameInvalid,

    /// <summary>Other requests kept changing the account at the same time.</summary>
    Conflict,

    /// <summary>The app refuses it, see <see cref="AccountChange.Refusal"/>.</summary>
    Refused,
}
