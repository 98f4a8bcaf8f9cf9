using System.Text;
using Countersign.Passwords.Rules;
using Countersign.Tokens;
using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>Turns what Identity's password validators say, ours and the app's, into rule violations for the wire.</summary>
internal static class PasswordViolations
{
    private static readonly Dictionary<string, PasswordRule> Rules = new(StringComparer.Ordinal)
    {
        [ReasonCodes.PasswordTooShort] = PasswordRule.TooShort,
        [ReasonCodes.PasswordTooLong] = PasswordRule.TooLong,
        [ReasonCodes.PasswordCommon] = PasswordRule.Common,
        [ReasonCodes.PasswordContainsAccount] = PasswordRule.ContainsAccount,
        [ReasonCodes.PasswordContextWord] = PasswordRule.ContextWord,
        [ReasonCodes.PasswordNotUnicode] = PasswordRule.NotUnicode,
        [ReasonCodes.PasswordUnchanged] = PasswordRule.Unchanged,
    };

    /// <summary>Asks every validator of the app.</summary>
    /// <returns>Empty when the password is fine. A violation of an app's own rule has no <see cref="PasswordRule"/>: its zero value.</returns>
    public static async Task<IReadOnlyList<PasswordRuleViolation>> FindAsync<TUser>(UserManager<TUser> manager, TUser user, string password)
        where TUser : class
    {
        List<PasswordRuleViolation> violations = [];
        foreach (var validator in manager.PasswordValidators)
        {
            var result = await validator.ValidateAsync(manager, user, password).ConfigureAwait(false);
            violations.AddRange(result.Succeeded ? [] : result.Errors.Select(Convert));
        }

        // Identity's own length rule and ours have one code on the wire.
        return [.. violations.DistinctBy(violation => violation.Code, StringComparer.Ordinal)];
    }

    private static PasswordRuleViolation Convert(IdentityError error)
    {
        var code = SnakeCase(error.Code);
        return new PasswordRuleViolation(Rules.GetValueOrDefault(code), code, error.Description);
    }

    /// <summary>"PasswordRequiresDigit" is "password_requires_digit" on the wire, like every other code there.</summary>
    private static string SnakeCase(string code)
    {
        var text = new StringBuilder(code.Length + 4);
        foreach (var letter in code)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
