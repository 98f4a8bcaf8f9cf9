using Microsoft.AspNetCore.Identity;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Identity's options as Countersign's own server has them, for a new app that wants the same.</summary>
public static class CountersignIdentityOptionsExtensions
{
    /// <summary>
    /// Switches Identity's rules of composition off, asks for unique e-mail addresses, and takes every character in user names. <c>AddCountersign</c> never
    /// does this by itself: an app that has accounts already keeps the rules that it has.
    /// </summary>
    /// <remarks>
    /// Length, common passwords and the account's own names are still checked, by <c>Auth:PasswordRules</c>; composition is not (NIST SP 800-63B-4 §3.1.1.2).
    /// Sign-up takes the address as the user name, and has checked its form. An app whose accounts lack addresses or share them must not call this: Identity
    /// then saves no change of such an account, not even a lockout.
    /// </remarks>
    /// <param name="options">Identity's options, as <c>AddIdentityCore</c> hands them out.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static IdentityOptions UseCountersignDefaults(this IdentityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Password.RequiredLength = 1;
        options.Password.RequiredUniqueChars = 1;
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = string.Empty;
        return options;
    }
}
