namespace Countersign.Passwords.Rules;

/// <summary>One rule that a new password breaks.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Code">Its stable name on the wire, such as <c>password_too_short</c>.</param>
/// <param name="Message">For a person, in English, saying what to do. Never holds the password.</param>
public sealed record PasswordRuleViolation(PasswordRule Rule, string Code, string Message);
