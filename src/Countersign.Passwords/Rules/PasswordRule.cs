namespace Countersign.Passwords.Rules;

/// <summary>The rules that a new password may break. There is no rule about composition, and none about age (NIST SP 800-63B-4 §3.1.1.2).</summary>
public enum PasswordRule
{
    /// <summary>The password has fewer characters than <see cref="PasswordRuleOptions.MinimumLength"/>.</summary>
    TooShort = 1,

    /// <summary>The password has more bytes than <see cref="PasswordRuleOptions.MaxBytes"/>. No other rule is checked then.</summary>
    TooLong,

    /// <summary>The password is on the list of common passwords.</summary>
    Common,

    /// <summary>The password equals the account's e-mail address, the part of it before the @, or its user name.</summary>
    ContainsAccount,

    /// <summary>The password is a word of <see cref="PasswordRuleOptions.ContextWords"/>, alone or with digits and signs around it.</summary>
    ContextWord,

    /// <summary>The text is not Unicode: it has lone surrogates or the noncharacter U+FFFE. No other rule is checked then.</summary>
    NotUnicode,

    /// <summary>The new password is the same as the current one.</summary>
    Unchanged,
}
