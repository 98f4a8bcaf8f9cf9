using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Identity;

/// <summary>Reads the claims that Identity stores for roles. The app's role type is not known where accounts are read.</summary>
internal abstract class RoleClaims
{
    /// <param name="services">The services of a scope.</param>
    /// <param name="roles">The names of the roles.</param>
    public abstract Task<IReadOnlyList<Claim>> FindAsync(IServiceProvider services, IReadOnlyList<string> roles);
}

/// <inheritdoc/>
internal sealed class RoleClaims<TRole> : RoleClaims
    where TRole : class
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Claim>> FindAsync(IServiceProvider services, IReadOnlyList<string> roles)
    {
        var manager = services.GetRequiredService<RoleManager<TRole>>();
        List<Claim> claims = [];
        foreach (var name in manager.SupportsRoleClaims ? roles : [])
        {
            if (await manager.FindByNameAsync(name).ConfigureAwait(false) is { } role)
            {
                claims.AddRange(await manager.GetClaimsAsync(role).ConfigureAwait(false));
            }
        }

        return claims;
    }
}
