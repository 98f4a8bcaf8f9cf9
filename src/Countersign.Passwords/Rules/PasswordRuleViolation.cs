namespace Countersign.Passwords.Rules;

/// <summary>One rule that a new password breaks.</summary>
/// <param name="Rule">The broken rule.</param>
/// <param name="Code">The stable code of the rule, such as <c>password_too_short</c>.</param>
/// <param name="Message">An English text for the user that says what to do. It never contains the password.</param>
public sealed record PasswordRuleViolation(PasswordRule Rule, string Code, string Message);
