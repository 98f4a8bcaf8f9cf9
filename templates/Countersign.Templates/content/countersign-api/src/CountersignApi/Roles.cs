using Microsoft.AspNetCore.Identity;

namespace CountersignApi;

/// <summary>The roles, and the command that gives one to an account.</summary>
internal static class Roles
{
    /// <summary>May see the lists of all users.</summary>
    public const string Admin = "admin";

    /// <summary>Gives a role to an account, and makes the role if it is new.</summary>
    /// <returns>The exit code: 0 if the account has the role now.</returns>
    public static async Task<int> AddRoleAsync(this WebApplication app, string email, string role)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            Console.Error.WriteLine($"There is no account with the address {email}.");
            return 1;
        }

        if (!await roles.RoleExistsAsync(role))
        {
            await roles.CreateAsync(new IdentityRole(role));
        }

        if (await users.IsInRoleAsync(user, role))
        {
            return 0;
        }

        var result = await users.AddToRoleAsync(user, role);
        Console.Error.WriteLine(result.Succeeded ? $"{email} has the role {role}." : result.ToString());
        return result.Succeeded ? 0 : 1;
    }
}
