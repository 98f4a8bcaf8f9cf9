using System.CommandLine;
using Countersign.Server.Accounts;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Commands;

/// <summary><c>users role</c>: changes the roles of an account. Access tokens have the roles of the time when they were issued.</summary>
internal static class UserRoleCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("role", "Give, take and list an account's roles")
    {
        CreateChange("add", "Give a role; it is made if it does not exist", GiveAsync),
        CreateChange("remove", "Take a role away", TakeAsync),
        CreateList(),
    };

    /// <summary>Gives a role.</summary>
    public static async Task<Outcome> GiveAsync(IServiceProvider services, CountersignUser user, string role)
    {
        var roles = services.GetRequiredService<RoleManager<IdentityRole<Guid>>>();
        if (!await roles.RoleExistsAsync(role).ConfigureAwait(false))
        {
            var made = await roles.CreateAsync(new IdentityRole<Guid>(role)).ConfigureAwait(false);
            if (!made.Succeeded)
            {
                return Outcome.From(made, string.Empty);
            }
        }

        var given = await services.GetRequiredService<UserManager<CountersignUser>>().AddToRoleAsync(user, role).ConfigureAwait(false);
        return Outcome.From(given, $"{user.Email} has the role {role}. Its access tokens are refused from now on, and a refresh gives new ones");
    }

    private static async Task<Outcome> TakeAsync(IServiceProvider services, CountersignUser user, string role)
    {
        var taken = await services.GetRequiredService<UserManager<CountersignUser>>().RemoveFromRoleAsync(user, role).ConfigureAwait(false);
        return Outcome.From(taken, $"{user.Email} no longer has the role {role}. Its access tokens are refused from now on, and a refresh gives new ones");
    }

    private static Command CreateChange(string name, string description, Func<IServiceProvider, CountersignUser, string, Task<Outcome>> change)
    {
        var account = AccountArgument.Create();
        var role = new Argument<string>("role") { Description = "The role's name" };
        var command = new Command(name, description) { account, role };
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services =>
            {
                var given = parse.GetRequiredValue(account);
                var user = await AccountArgument.FindAsync(services, given).ConfigureAwait(false);
                var outcome = user is null
                    ? AccountArgument.Unknown(given)
                    : await change(services, user, parse.GetRequiredValue(role)).ConfigureAwait(false);
                return await outcome.WriteAsync(parse).ConfigureAwait(false);
            },
            cancellationToken));
        return command;
    }

    private static Command CreateList()
    {
        var account = AccountArgument.Create();
        var command = new Command("list", "List an account's roles, one on each line") { account };
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services =>
            {
                var given = parse.GetRequiredValue(account);
                if (await AccountArgument.FindAsync(services, given).ConfigureAwait(false) is not { } user)
                {
                    return await AccountArgument.Unknown(given).WriteAsync(parse).ConfigureAwait(false);
                }

                foreach (var role in await services.GetRequiredService<UserManager<CountersignUser>>().GetRolesAsync(user).ConfigureAwait(false))
                {
                    await parse.InvocationConfiguration.Output.WriteLineAsync(role).ConfigureAwait(false);
                }

                return 0;
            },
            cancellationToken));
        return command;
    }
}
