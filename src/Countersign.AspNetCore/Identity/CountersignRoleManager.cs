using Countersign.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// Identity's role manager with one change. When a role gets another name, is deleted, or gets other claims that tokens carry, all access tokens are stale at
/// once: each client refreshes at its next request, and no session ends.
/// </summary>
/// <remarks>
/// <c>AddCountersign</c> registers it in place of the stock <see cref="RoleManager{TRole}"/>, if roles were added before. An app with its own manager derives
/// it from this class; the constructor is the stock one with <paramref name="services"/> added. If the role is saved but the tokens can't be made stale, the
/// exception of <see cref="SessionService"/> travels up; call <see cref="SessionService.AllClaimsChangedAsync"/> then. In a transaction that the app has opened
/// on the context, the tokens become stale after the commit.
/// </remarks>
/// <typeparam name="TRole">The app's role type.</typeparam>
/// <param name="store">The app's role store.</param>
/// <param name="roleValidators">Run before a role is saved.</param>
/// <param name="keyNormalizer">Normalises the names of roles.</param>
/// <param name="errors">Describes errors.</param>
/// <param name="logger">The manager's log.</param>
/// <param name="services">The services of the request, which include those that <c>AddCountersign</c> registers.</param>
public class CountersignRoleManager<TRole>(
    IRoleStore<TRole> store,
    IEnumerable<IRoleValidator<TRole>> roleValidators,
    ILookupNormalizer keyNormalizer,
    IdentityErrorDescriber errors,
    ILogger<RoleManager<TRole>> logger,
    IServiceProvider services) : RoleManager<TRole>(store, roleValidators, keyNormalizer, errors, logger)
    where TRole : class
{
    private readonly AccountAnnouncements _announcements = new(services, store, logger);

    /// <inheritdoc/>
    public override async Task<IdentityResult> DeleteAsync(TRole role)
    {
        var result = await base.DeleteAsync(role).ConfigureAwait(false);
        if (result.Succeeded)
        {
            await _announcements.MakeAllStaleAsync().ConfigureAwait(false);
        }

        return result;
    }

    /// <inheritdoc/>
    protected override async Task<IdentityResult> UpdateRoleAsync(TRole role)
    {
        ArgumentNullException.ThrowIfNull(role);
        var stored = await FindStoredNameAsync(role).ConfigureAwait(false);

        // Before the save: a derived manager's token may be cancelled with the request, and then nothing can be read any more.
        var isRenamed = !string.Equals(stored, await GetRoleNameAsync(role).ConfigureAwait(false), StringComparison.Ordinal);
        var result = await base.UpdateRoleAsync(role).ConfigureAwait(false);
        if (result.Succeeded && (isRenamed || services.GetRequiredService<AccountClaims>().ReadsRoles))
        {
            await _announcements.MakeAllStaleAsync().ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Reads the role's name as it is in the database, in a separate scope.</summary>
    private async Task<string?> FindStoredNameAsync(TRole role)
    {
        var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var manager = scope.ServiceProvider.GetRequiredService<RoleManager<TRole>>();
        var stored = await manager.FindByIdAsync(await GetRoleIdAsync(role).ConfigureAwait(false)).ConfigureAwait(false);
        return stored is null ? null : await manager.GetRoleNameAsync(stored).ConfigureAwait(false);
    }
}
