using Microsoft.AspNetCore.Identity;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets Identity's options to the values that Countersign's own server uses.</summary>
public static class CountersignIdentityOptionsExtensions
{
    /// <summary>
    /// Switches off Identity's rules about kinds of characters in passwords, requires unique e-mail addresses, and allows every character in user names.
    /// <c>AddCountersign</c> never does this: an app that already has accounts keeps its own rules.
    /// </summary>
    /// <remarks>
    /// <c>Auth:PasswordRules</c> still checks the length, common passwords and the account's own names, but not the kinds of characters (NIST SP 800-63B-4
    /// §3.1.1.2). Sign-up uses the address as the user name, after it has checked its form. Do not call this if accounts of the app have no address or share
    /// one: Identity then saves no change of such an account, not even a lockout.
    /// </remarks>
    /// <param name="options">Identity's options, as <c>AddIdentityCore</c> passes them.</param>
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
