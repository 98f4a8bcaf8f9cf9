using System.CommandLine;
using System.Globalization;
using Countersign.AspNetCore.SignIn;
using Countersign.Server.Accounts;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Countersign.Server.Commands;

/// <summary><c>users</c>: lists and changes accounts.</summary>
internal static class UsersCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("users", "Make, list and change accounts")
    {
        CreateUserCommand.Create(),
        CreateList(),
        CreateForOne("activate", "Activate an account again", ActivateAsync),
        CreateForOne("deactivate", "Deactivate an account and end its sessions at once", DeactivateAsync),
        CreateForOne("unlock", "Forget an account's wrong passwords", UnlockAsync),
        UserRoleCommand.Create(),
    };

    private static Command CreateList()
    {
        var command = new Command("list", "List the accounts: id, e-mail address, active or inactive, date, roles; separated by tabs");
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            services => ListAsync(services, parse.InvocationConfiguration.Output, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> ListAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        var users = services.GetRequiredService<UserManager<CountersignUser>>();
        var all = await users.Users.AsNoTracking().OrderBy(user => user.NormalizedEmail).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var user in all)
        {
            var roles = await users.GetRolesAsync(user).ConfigureAwait(false);
            var created = user.CreatedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await output.WriteLineAsync(
                $"{user.Id}\t{user.Email}\t{(user.IsActive ? "active" : "inactive")}\t{created}\t{string.Join(',', roles)}").ConfigureAwait(false);
        }

        return 0;
    }

    private static Command CreateForOne(string name, string description, Func<IServiceProvider, CountersignUser, Task<Outcome>> change)
    {
        var account = AccountArgument.Create();
        var command = new Command(name, description) { account };
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services =>
            {
                var given = parse.GetRequiredValue(account);
                var user = await AccountArgument.FindAsync(services, given).ConfigureAwait(false);
                var outcome = user is null ? AccountArgument.Unknown(given) : await change(services, user).ConfigureAwait(false);
                return await outcome.WriteAsync(parse).ConfigureAwait(false);
            },
            cancellationToken));
        return command;
    }

    private static async Task<Outcome> ActivateAsync(IServiceProvider services, CountersignUser user)
    {
        if (user.IsActive)
        {
            return Outcome.Done($"{user.Email} is active already");
        }

        user.IsActive = true;
        var result = await services.GetRequiredService<UserManager<CountersignUser>>().UpdateAsync(user).ConfigureAwait(false);
        return Outcome.From(result, $"{user.Email} is active");
    }

    /// <summary>Ends the sessions of an inactive account too: an earlier command may have been interrupted before it ended them.</summary>
    private static async Task<Outcome> DeactivateAsync(IServiceProvider services, CountersignUser user)
    {
        var wasActive = user.IsActive;
        if (wasActive)
        {
            user.IsActive = false;
            var result = await services.GetRequiredService<UserManager<CountersignUser>>().UpdateAsync(user).ConfigureAwait(false);
            if (!result.Succeeded)
            {
                return Outcome.From(result, string.Empty);
            }
        }

        var ended = await services.GetRequiredService<SessionService>()
            .RevokeUserAsync(user.Id.ToString(), RevocationReason.AccountInactive, CancellationToken.None)
            .ConfigureAwait(false);
        var state = wasActive ? $"{user.Email} is inactive" : $"{user.Email} is inactive already";
        var sessions = ended == 1 ? "session was" : "sessions were";
        return Outcome.Done(ended == 0 ? state : string.Create(CultureInfo.InvariantCulture, $"{state}; {ended} {sessions} ended"));
    }

    private static async Task<Outcome> UnlockAsync(IServiceProvider services, CountersignUser user)
    {
        var users = services.GetRequiredService<UserManager<CountersignUser>>();
        await services.GetRequiredService<SignInAttempts>().ResetAsync(user.Id.ToString()).ConfigureAwait(false);
        user.AccessFailedCount = 0;
        user.LockoutEnd = null;
        return Outcome.From(await users.UpdateAsync(user).ConfigureAwait(false), $"{user.Email} is unlocked");
    }
}
