using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Testing;

/// <summary>Makes roles for tests. The app's role type is known only when it runs.</summary>
internal abstract class TestRoles
{
    /// <summary>Makes a role unless it exists.</summary>
    public abstract Task MakeAsync(string name);
}

/// <inheritdoc />
/// <param name="services">The services of a scope.</param>
internal sealed class TestRoles<TRole>(IServiceProvider services) : TestRoles
    where TRole : class
{
    /// <inheritdoc />
    public override async Task MakeAsync(string name)
    {
        var roles = services.GetRequiredService<RoleManager<TRole>>();
        if (await roles.RoleExistsAsync(name).ConfigureAwait(false))
        {
            return;
        }

        var role = Activator.CreateInstance<TRole>();
        await roles.SetRoleNameAsync(role, name).ConfigureAwait(false);
        var result = await roles.CreateAsync(role).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(
                $"The role {name} can't be made: {string.Join(' ', result.Errors.Select(static error => error.Description))}");
        }
    }
}
