namespace Countersign.Passwords.Rules;

/// <summary>The rules that a new password may break. There is no rule about composition, and none about age (NIST SP 800-63B-4 §3.1.1.2).</summary>
public enum PasswordRule
{
    /// <summary>Fewer characters than <see cref="PasswordRuleOptions.MinimumLength"/>.</summary>
    TooShort = 1,

    /// <summary>More bytes than <see cref="PasswordRuleOptions.MaxBytes"/>. Nothing else is looked at then.</summary>
    TooLong,

    /// <summary>On the list of common passwords.</summary>
    Common,

    /// <summary>Equal to the account's e-mail address, the part of it before the @, or its user name.</summary>
    ContainsAccount,

    /// <summary>A word of <see cref="PasswordRuleOptions.ContextWords"/>, bare or with digits and signs around it.</summary>
    ContextWord,

    /// <summary>Not Unicode text: it has lone surrogates or the noncharacter U+FFFE. Nothing else is looked at then.</summary>
    NotUnicode,

    /// <summary>The same as the password that it is to replace.</summary>
    Unchanged,
}
