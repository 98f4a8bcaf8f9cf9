using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// Identity's options as Countersign would have them. It stands before everything that the app configures, so that what the app says wins.
/// </summary>
internal sealed class IdentityDefaults : IConfigureOptions<IdentityOptions>
{
    /// <inheritdoc/>
    public void Configure(IdentityOptions options)
    {
        // Length, common passwords and the account's own names are asked by our validator; composition by nobody (NIST SP 800-63B-4 §3.1.1.2).
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Password.RequiredLength = 1;
        options.Password.RequiredUniqueChars = 1;

        // People log in by address, so an address is one account's.
        options.User.RequireUniqueEmail = true;

        // Empty takes every character: the user name is the address, whose form sign-up has checked.
        options.User.AllowedUserNameCharacters = string.Empty;
    }
}
