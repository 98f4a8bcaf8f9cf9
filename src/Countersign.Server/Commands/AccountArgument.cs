using System.CommandLine;
using Countersign.AspNetCore.Identity;
using Countersign.Server.Accounts;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Commands;

/// <summary>The argument that names an account.</summary>
internal static class AccountArgument
{
    /// <summary>Makes the argument. Commands can't share one: an argument belongs to its command.</summary>
    public static Argument<string> Create() => new("account") { Description = "E-mail address, user name or id" };

    /// <summary>Finds the account.</summary>
    /// <returns>Null if there is none.</returns>
    public static async Task<CountersignUser?> FindAsync(IServiceProvider services, string given)
    {
        var users = services.GetRequiredService<UserManager<CountersignUser>>();
        return await users.FindByLoginNameAsync(given).ConfigureAwait(false)
            ?? (Guid.TryParse(given, out _) ? await users.FindByIdAsync(given).ConfigureAwait(false) : null);
    }

    /// <summary>The outcome if there is no such account.</summary>
    public static Outcome Unknown(string given) => Outcome.Refused($"no account has the e-mail address, user name or id {given}");
}
