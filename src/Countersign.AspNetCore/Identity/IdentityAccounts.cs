using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Time;
using Countersign.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Identity;

/// <summary>The accounts of an app that keeps its users in ASP.NET Core Identity, with any key type.</summary>
internal sealed class IdentityAccounts<TUser>(
    IServiceScopeFactory scopes,
    UserAccessor<TUser> shape,
    AccountClaims<TUser> claims,
    SessionClock clock,
    IOptions<IdentityOptions> identity,
    IJoinedAccounts? joined = null) : IAccounts
    where TUser : class
{
    /// <summary>
    /// The assembly of Identity's own store. A query may read this store's tables directly, but not those of an app's own store, which may return something
    /// else.
    /// </summary>
    private const string StockStoreAssembly = "Microsoft.AspNetCore.Identity.EntityFrameworkCore";

    private readonly AccountProjection<TUser>? _projection = AccountProjection<TUser>.Create(shape);

    // Found at first use, because the app's context can't be made while the services are made. A search that fails is repeated.
    private volatile Func<string, object?>? _joinedKey;

    /// <inheritdoc/>
    public async Task<SignInLookup> FindByNameAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        var user = await accounts.Manager.FindByLoginNameAsync(name).ConfigureAwait(false);
        return new SignInLookup(
            user is null ? null : await ToSignInAccountAsync(accounts, user, cancellationToken).ConfigureAwait(false), accounts.Manager.LookupNameOf(name));
    }

    /// <inheritdoc/>
    public async Task<SignInAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        return await accounts.Manager.FindAccountAsync(userId).ConfigureAwait(false) is { } user
            ? await ToSignInAccountAsync(accounts, user, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public async Task<AccountStanding?> FindStandingAsync(string userId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        var manager = accounts.Manager;
        if (await manager.FindAccountAsync(userId).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        var facts = await DescribeAsync(accounts, user, userId, cancellationToken).ConfigureAwait(false);
        return new AccountStanding
        {
            Facts = facts,
            Error = facts.IsActive ? await FindSignInErrorAsync(accounts, user).ConfigureAwait(false) : SessionStartError.AccountInactive,
            PasswordExpiresAt = shape.PasswordExpiresAt(user),
            RequiresSecondFactor = await RequiresSecondFactorAsync(manager, user).ConfigureAwait(false),
        };
    }

    /// <inheritdoc/>
    public async Task<AccountFacts?> DescribeAsync(string userId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        if (!accounts.Manager.SupportsUserRole && !claims.NeedsUser)
        {
            return await FindStoredAsync(accounts, userId, cancellationToken).ConfigureAwait(false) is { } stored ? Describe(stored) : null;
        }

        // The store reads roles for a loaded account, so the account is loaded here.
        return await accounts.Manager.FindAccountAsync(userId, IsKey).ConfigureAwait(false) is { } user
            ? await DescribeAsync(accounts, user, userId, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<AccountRead?> FindJoinedAsync(string userId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var findKey = _joinedKey ??= await CanJoinAsync().ConfigureAwait(false) ? _projection!.FindKey : static _ => null;
        return AccountText.CanBeLookedUp(userId) && findKey(userId) is { } key ? new AccountRead(key, userId, this) : null;
    }

    /// <inheritdoc/>
    public AccountFacts Describe(AccountRow row) => Describe(row, [.. claims.Read(row)]);

    private AccountFacts Describe(AccountRow row, IReadOnlyList<KeyValuePair<string, ClaimValue>> further) => new()
    {
        UserId = row.UserId,
        IsActive = MayBeUsed(row.IsActive, row.LockedUntil),
        Stamp = AccountFacts.HashStamp(row.SecurityStamp),
        Email = row.Email,
        Roles = row.Roles,
        Claims = further,
    };

    /// <summary>Reads the account's row as it is in the database, in a separate scope.</summary>
    /// <returns>Null if there is no such account.</returns>
    public async Task<AccountRow?> FindStoredAsync(string userId, CancellationToken cancellationToken)
    {
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        return await FindStoredAsync(accounts, userId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether an account in memory, saved or not, may be used: by the app's options, and by Identity's lockout if that is a ban.</summary>
    public async Task<bool> MayBeUsedAsync(UserManager<TUser> manager, TUser user) =>
        MayBeUsed(shape.IsActive(user), await LockedUntilAsync(manager, user).ConfigureAwait(false));

    /// <summary>When Identity's lockout ends; null if the account is not locked, or can't be.</summary>
    private static async Task<DateTimeOffset?> LockedUntilAsync(UserManager<TUser> manager, TUser user) =>
        manager.SupportsUserLockout && await manager.GetLockoutEnabledAsync(user).ConfigureAwait(false)
            ? await manager.GetLockoutEndDateAsync(user).ConfigureAwait(false)
            : null;

    /// <summary>Whether a text is known to be a key. An account that exists but can't be read must not count as missing.</summary>
    private bool IsKey(string userId) => _projection?.FindKey(userId) is not null;

    /// <summary>The type of the context that Identity's own store uses; null for a store without one.</summary>
    private static Type? ContextOf(IUserStore<TUser> store) => store.GetType().GetProperty("Context")?.GetValue(store)?.GetType();

    private async Task<AccountFacts> DescribeAsync(AccountScope<TUser> accounts, TUser user, string userId, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(accounts, user, userId, cancellationToken).ConfigureAwait(false);
        if (accounts.Manager.SupportsUserRole)
        {
            foreach (var role in await accounts.Manager.GetRolesAsync(user).ConfigureAwait(false))
            {
                row.AddRole(role);
            }
        }

        return Describe(row, await claims.ReadAsync(accounts, user, row, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The conditions of Identity's own sign-in besides the credential.</summary>
    private async Task<SessionStartError?> FindSignInErrorAsync(AccountScope<TUser> accounts, TUser user)
    {
        var manager = accounts.Manager;
        var required = manager.Options.SignIn;
        if (manager.SupportsUserLockout && await manager.IsLockedOutAsync(user).ConfigureAwait(false))
        {
            return SessionStartError.AccountLocked;
        }

        if ((required.RequireConfirmedEmail || shape.RequiresConfirmedEmail) && !await manager.IsEmailConfirmedAsync(user).ConfigureAwait(false))
        {
            return SessionStartError.EmailUnconfirmed;
        }

        var isConfirmed = (!required.RequireConfirmedPhoneNumber || await manager.IsPhoneNumberConfirmedAsync(user).ConfigureAwait(false))
            && (!required.RequireConfirmedAccount
                || await accounts.Services.GetRequiredService<IUserConfirmation<TUser>>().IsConfirmedAsync(manager, user).ConfigureAwait(false));
        return isConfirmed ? null : SessionStartError.AccountUnconfirmed;
    }

    private static async Task<bool> RequiresSecondFactorAsync(UserManager<TUser> manager, TUser user) =>
        manager.SupportsUserTwoFactor && await manager.GetTwoFactorEnabledAsync(user).ConfigureAwait(false);

    private bool MayBeUsed(bool isActive, DateTimeOffset? lockedUntil) =>
        isActive && !AccountFacts.IsBan(lockedUntil, clock.Now, identity.Value.Lockout.DefaultLockoutTimeSpan);

    /// <summary>Whether the writer's transaction can read these accounts: the app has put none of its own code between them and Identity's tables.</summary>
    private async Task<bool> CanJoinAsync()
    {
        if (joined is null || claims.NeedsUser || shape.IdentityBase is not { } identityBase)
        {
            return false;
        }

        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        return accounts.Manager.SupportsUserRole
            && accounts.Manager.GetType() == typeof(CountersignUserManager<TUser>)
            && string.Equals(accounts.Store.GetType().Assembly.GetName().Name, StockStoreAssembly, StringComparison.Ordinal)
            && ContextOf(accounts.Store) is { } context
            && await joined.TryFindAsync(context, typeof(TUser), identityBase.GenericTypeArguments[0], shape.IsActiveExpression).ConfigureAwait(false);
    }

    private async Task<SignInAccount> ToSignInAccountAsync(AccountScope<TUser> accounts, TUser user, CancellationToken cancellationToken)
    {
        var manager = accounts.Manager;
        var userId = await manager.GetUserIdAsync(user).ConfigureAwait(false);
        var account = await ReadAsync(accounts, user, userId, cancellationToken).ConfigureAwait(false);
        return new SignInAccount
        {
            UserId = userId,
            User = user,
            PasswordHash = account.PasswordHash,
            Stamp = AccountFacts.HashStamp(account.SecurityStamp),
            IsActive = MayBeUsed(account.IsActive, account.LockedUntil),
            IsLockedOut = manager.SupportsUserLockout && await manager.IsLockedOutAsync(user).ConfigureAwait(false),
            CountsFailedSignIns = manager.SupportsUserLockout && await manager.GetLockoutEnabledAsync(user).ConfigureAwait(false),
            MayForgetFailedSignIns = manager.SupportsUserLockout && await manager.GetAccessFailedCountAsync(user).ConfigureAwait(false) > 0
                && !await RequiresSecondFactorAsync(manager, user).ConfigureAwait(false),
        };
    }

    private async Task<AccountRow?> FindStoredAsync(AccountScope<TUser> accounts, string userId, CancellationToken cancellationToken)
    {
        if (!AccountText.CanBeLookedUp(userId))
        {
            return null;
        }

        if (_projection is not null
            && accounts.Manager.SupportsQueryableUsers
            && await _projection.FindAsync(accounts.Manager.Users, userId, cancellationToken).ConfigureAwait(false) is { } stored)
        {
            return stored;
        }

        // A store may write its keys in its own form, so the store decides.
        return await accounts.Manager.FindAccountAsync(userId, IsKey).ConfigureAwait(false) is { } user
            ? await ReadAsync(accounts, user, userId, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<AccountRow> ReadAsync(AccountScope<TUser> accounts, TUser user, string userId, CancellationToken cancellationToken) => new()
    {
        Key = userId,
        SecurityStamp = await accounts.SecurityStampAsync(user, cancellationToken).ConfigureAwait(false),
        PasswordHash = await accounts.PasswordHashAsync(user, cancellationToken).ConfigureAwait(false),
        UserName = await accounts.Manager.GetUserNameAsync(user).ConfigureAwait(false),
        Email = accounts.Manager.SupportsUserEmail ? await accounts.Manager.GetEmailAsync(user).ConfigureAwait(false) : null,
        IsEmailConfirmed = accounts.Manager.SupportsUserEmail && await accounts.Manager.IsEmailConfirmedAsync(user).ConfigureAwait(false),
        IsActive = shape.IsActive(user),
        LockedUntil = await LockedUntilAsync(accounts.Manager, user).ConfigureAwait(false),
        PasswordExpiresAt = shape.PasswordExpiresAt(user),
    };
}
