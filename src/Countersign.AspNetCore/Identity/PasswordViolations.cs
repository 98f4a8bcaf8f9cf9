using Countersign.Passwords.Rules;
using Countersign.Tokens;
using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>Converts the errors of Identity's password validators, ours and the app's, to rule violations for responses.</summary>
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

    /// <summary>Runs every password validator of the app.</summary>
    /// <returns>Empty if the password is accepted. A violation of an app's own rule has the zero value of <see cref="PasswordRule"/>.</returns>
    public static async Task<IReadOnlyList<PasswordRuleViolation>> FindAsync<TUser>(UserManager<TUser> manager, TUser user, string password)
        where TUser : class
    {
        List<PasswordRuleViolation> violations = [];
        foreach (var validator in manager.PasswordValidators)
        {
            var result = await validator.ValidateAsync(manager, user, password).ConfigureAwait(false);
            violations.AddRange(result.Succeeded ? [] : result.Errors.Select(Convert));
        }

        // Identity's own length rule and ours have one code in responses.
        return [.. violations.DistinctBy(violation => violation.Code, StringComparer.Ordinal)];
    }

    private static PasswordRuleViolation Convert(IdentityError error)
    {
        var code = IdentityErrors.CodeOf(error);
        return new PasswordRuleViolation(Rules.GetValueOrDefault(code), code, error.Description);
    }
}
