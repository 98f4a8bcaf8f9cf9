namespace Countersign.AspNetCore;

/// <summary>Why a mail is sent to the owner of an account, or to a person who may become one.</summary>
public enum AccountMailKind
{
    /// <summary>Asks the person to confirm the e-mail address. The link leads to a page that asks for the password too.</summary>
    ConfirmEmail = 1,

    /// <summary>Offers to set a new password, because somebody has asked for it. The link leads to a page that asks for the new password.</summary>
    ResetPassword,

    /// <summary>Tells that somebody has tried to sign up with an address that has an account already. It has no link with a token.</summary>
    AccountExists,

    /// <summary>Tells that the password was changed.</summary>
    PasswordChanged,

    /// <summary>Says that mails arrive. An operator has asked for it, by <c>countersign mail test</c>.</summary>
    Test,
}
