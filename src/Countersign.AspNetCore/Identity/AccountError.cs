namespace Countersign.AspNetCore.Identity;

/// <summary>Why an account was not made or changed.</summary>
internal enum AccountError
{
    /// <summary>There is no such account.</summary>
    NotFound = 1,

    /// <summary>Not an e-mail address that this service takes, see <see cref="EmailAddress"/>, or one that the app's own rules refuse.</summary>
    EmailInvalid,

    /// <summary>Another account has the address, or has it as its user name.</summary>
    EmailTaken,

    /// <summary>The password breaks rules, see <see cref="AccountChange.Violations"/>.</summary>
    PasswordRefused,

    /// <summary>The app's user type has no display name.</summary>
    DisplayNameUnsupported,

    /// <summary>The display name is too long, or holds what nobody can read.</summary>
    DisplayNameInvalid,

    /// <summary>Others kept changing the account at the same time.</summary>
    Conflict,
}
