using Countersign.Passwords.Rules;
using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>Checks every new password with Countersign's rules, in addition to the app's own. The error's code is the rule's name in responses.</summary>
internal sealed class PasswordRulesValidator<TUser>(PasswordRules rules) : IPasswordValidator<TUser>
    where TUser : class
{
    /// <inheritdoc/>
    public async Task<IdentityResult> ValidateAsync(UserManager<TUser> manager, TUser user, string? password)
    {
        var email = manager.SupportsUserEmail ? await manager.GetEmailAsync(user).ConfigureAwait(false) : null;
        var violations = rules.Check(password ?? string.Empty, email, await manager.GetUserNameAsync(user).ConfigureAwait(false));
        return violations.Count == 0
            ? IdentityResult.Success
            : IdentityResult.Failed([.. violations.Select(violation => new IdentityError { Code = violation.Code, Description = violation.Message })]);
    }
}
