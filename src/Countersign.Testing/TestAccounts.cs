using Countersign.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Testing;

/// <summary>Makes accounts for tests. The app's user type is known only when it runs.</summary>
internal abstract class TestAccounts
{
    /// <summary>Finds the account with an address, or makes it.</summary>
    public abstract Task<TestAccount> FindOrCreateAsync(string email, IReadOnlyList<string> roles);
}

/// <param name="Id">The account's id.</param>
/// <param name="HasSecondFactor">Whether a login must show one.</param>
internal readonly record struct TestAccount(string Id, bool HasSecondFactor);

/// <inheritdoc />
/// <param name="services">The services of a scope.</param>
internal sealed class TestAccounts<TUser>(IServiceProvider services) : TestAccounts
    where TUser : class
{
    private readonly UserManager<TUser> _users = services.GetRequiredService<UserManager<TUser>>();

    /// <inheritdoc />
    public override async Task<TestAccount> FindOrCreateAsync(string email, IReadOnlyList<string> roles)
    {
        if (await _users.FindByEmailAsync(email).ConfigureAwait(false) is not { } user)
        {
            user = services.GetRequiredService<UserAccessor<TUser>>().Create();
            var store = (IUserEmailStore<TUser>)services.GetRequiredService<IUserStore<TUser>>();
            await store.SetUserNameAsync(user, email, CancellationToken.None).ConfigureAwait(false);
            await store.SetEmailAsync(user, email, CancellationToken.None).ConfigureAwait(false);
            await store.SetEmailConfirmedAsync(user, confirmed: true, CancellationToken.None).ConfigureAwait(false);
            ThrowIfFailed(await _users.CreateAsync(user).ConfigureAwait(false), email);
        }

        return await WithRolesAsync(user, roles).ConfigureAwait(false);
    }

    /// <summary>Finds an account by its id, or saves it.</summary>
    public async Task<TestAccount> FindOrSaveAsync(TUser user, IReadOnlyList<string> roles)
    {
        var id = await _users.GetUserIdAsync(user).ConfigureAwait(false);
        if (await _users.FindByIdAsync(id).ConfigureAwait(false) is not { } stored)
        {
            ThrowIfFailed(await _users.CreateAsync(user).ConfigureAwait(false), id);
            stored = user;
        }

        return await WithRolesAsync(stored, roles).ConfigureAwait(false);
    }

    private async Task<TestAccount> WithRolesAsync(TUser user, IReadOnlyList<string> roles)
    {
        var id = await _users.GetUserIdAsync(user).ConfigureAwait(false);
        if (roles.Count > 0 && !_users.SupportsUserRole)
        {
            throw new InvalidOperationException($"The app has no roles, so no account can have the role {roles[0]}.");
        }

        foreach (var role in roles)
        {
            if (!await _users.IsInRoleAsync(user, role).ConfigureAwait(false))
            {
                await MakeRoleAsync(role).ConfigureAwait(false);
                ThrowIfFailed(await _users.AddToRoleAsync(user, role).ConfigureAwait(false), id);
            }
        }

        return new TestAccount(id, _users.SupportsUserTwoFactor && await _users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false));
    }

    private async Task MakeRoleAsync(string role)
    {
        foreach (var type in services.GetRequiredService<RoleManagers>().RoleTypes)
        {
            await ((TestRoles)Activator.CreateInstance(typeof(TestRoles<>).MakeGenericType(type), services)!).MakeAsync(role).ConfigureAwait(false);
        }
    }

    private static void ThrowIfFailed(IdentityResult result, string account)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(
                $"The account {account} can't be saved: {string.Join(' ', result.Errors.Select(static error => error.Description))}");
        }
    }
}
