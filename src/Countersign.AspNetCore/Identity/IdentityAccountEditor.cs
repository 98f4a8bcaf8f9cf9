using System.Data.Common;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Identity;

/// <summary>Makes and changes accounts through the app's own <see cref="UserManager{TUser}"/>, so that its validators and overrides are heard.</summary>
internal sealed class IdentityAccountEditor<TUser>(
    IServiceScopeFactory scopes,
    UserAccessor<TUser> shape,
    IdentityAccounts<TUser> identity,
    AppPasswordHasher<TUser> appHasher,
    PasswordEngine engine,
    SessionService sessions,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger<IdentityAccountEditor<TUser>> logger) : IAccountEditor
    where TUser : class
{
    // It is looked for and what is found is of no interest.
    private const string UnknownName = "countersign-unknown";

    // A change that meets another one reads again and tries again; three in a row are no accident.
    private const int Attempts = 3;

    /// <inheritdoc/>
    public async Task<AccountProfile?> FindProfileAsync(string userId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        return await accounts.Manager.FindAccountAsync(userId).ConfigureAwait(false) is { } user
            ? await ProfileAsync(accounts.Manager, user).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public async Task<AccountChange> RegisterAsync(
        string email, string password, string? displayName, PasswordQueueKey origin, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!EmailAddress.TryParse(email, environment.IsDevelopment(), out var address))
        {
            return AccountChange.Failed(AccountError.EmailInvalid);
        }

        if (displayName is not null && DisplayNameFault(displayName) is { } fault)
        {
            return AccountChange.Failed(fault);
        }

        try
        {
            return await CreateAsync(address, password, displayName, origin, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DbException || exception.InnerException is DbException)
        {
            // Of two sign-ups at once the unique index on user names lets one through. What it says differs by database, what is there afterwards does not.
            if (await IsTakenAsync(address).ConfigureAwait(false))
            {
                return AccountChange.Failed(AccountError.EmailTaken);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<AccountChange> ChangePasswordAsync(
        string userId, string newPassword, ReadOnlyMemory<byte>? stamp, PasswordQueueKey origin, CancellationToken cancellationToken)
    {
        string? hash = null;
        return await ChangeAsync(userId, stamp, RevocationReason.PasswordChanged, SetPasswordAsync, cancellationToken).ConfigureAwait(false);

        async Task<AccountOutcome> SetPasswordAsync(AccountScope<TUser> accounts, TUser user)
        {
            var violations = await PasswordViolations.FindAsync(accounts.Manager, user, newPassword).ConfigureAwait(false);
            if (violations.Count > 0)
            {
                return new AccountOutcome(AccountChange.Refused(violations));
            }

            hash ??= await engine.HashAsync(newPassword, origin, cancellationToken).ConfigureAwait(false);
            await ((IUserPasswordStore<TUser>)accounts.Store).SetPasswordHashAsync(user, hash, cancellationToken).ConfigureAwait(false);

            shape.SetPasswordExpiresAt(user, expiresAt: null);

            // Sets a new stamp and saves it with the hash, as one change.
            return new AccountOutcome(await accounts.Manager.UpdateSecurityStampAsync(user).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public async Task<AccountChange> SetDisplayNameAsync(string userId, string? displayName, CancellationToken cancellationToken)
    {
        if (DisplayNameFault(displayName) is { } fault)
        {
            return AccountChange.Failed(fault);
        }

        return await ChangeAsync(userId, stamp: null, ending: null, SetAsync, cancellationToken).ConfigureAwait(false);

        async Task<AccountOutcome> SetAsync(AccountScope<TUser> accounts, TUser user)
        {
            shape.SetDisplayName(user, displayName);
            return new AccountOutcome(await accounts.Manager.UpdateAsync(user).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public Task<AccountChange> DeleteAsync(string userId, ReadOnlyMemory<byte>? stamp, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            stamp,
            RevocationReason.AccountDeleted,
            static async (accounts, user) => new AccountOutcome(await accounts.Manager.DeleteAsync(user).ConfigureAwait(false)),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> TryReplaceHashAsync(string userId, string oldHash, string newHash, CancellationToken cancellationToken)
    {
        if (!shape.KeepsConcurrencyStamp)
        {
            return false;
        }

        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        if (accounts.Store is not IUserPasswordStore<TUser> passwords
            || await accounts.Manager.FindAccountAsync(userId).ConfigureAwait(false) is not { } user
            || !string.Equals(await passwords.GetPasswordHashAsync(user, cancellationToken).ConfigureAwait(false), oldHash, StringComparison.Ordinal))
        {
            return false;
        }

        // Straight to the store: its statement holds only if the concurrency stamp is still the one that was read with the old hash, and the security stamp
        // stays. Without Entity Framework here this is the one condition that a store offers; it moves the concurrency stamp, so a change of the same account
        // that was loaded before fails once and is tried again.
        await passwords.SetPasswordHashAsync(user, newHash, cancellationToken).ConfigureAwait(false);
        return (await accounts.Store.UpdateAsync(user, cancellationToken).ConfigureAwait(false)).Succeeded;
    }

    /// <inheritdoc/>
    public IPasswordHashFormat? FindOwnScheme(SignInAccount? account) => account?.User is TUser user ? appHasher.For(user, account.UserId) : null;

    /// <inheritdoc/>
    public async Task<FailedSignIn> CountFailedSignInAsync(string? userId, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var accounts = new AccountScope<TUser>(scopes);
            await using var _ = accounts.ConfigureAwait(false);
            var manager = accounts.Manager;
            if (!manager.SupportsUserLockout)
            {
                return FailedSignIn.NotCounted;
            }

            var user = userId is null ? null : await manager.FindAccountAsync(userId).ConfigureAwait(false);
            if (user is null)
            {
                return await SimulateCountAsync(manager).ConfigureAwait(false);
            }

            var result = await manager.AccessFailedAsync(user).ConfigureAwait(false);
            if (result.Succeeded)
            {
                return FailedSignIn.Counted;
            }

            // Another login of the account was counted at the same moment: it is read and counted again.
            if (attempt + 1 >= Attempts || !result.Errors.Any(static error => string.Equals(error.Code, nameof(IdentityErrorDescriber.ConcurrencyFailure), StringComparison.Ordinal)))
            {
                var errors = string.Join(", ", result.Errors.Select(static error => error.Code));
                IdentityLog.LockoutNotCounted(logger, userId!, errors);
                return FailedSignIn.Counted;
            }
        }
    }

    /// <inheritdoc/>
    public async Task ForgetFailedSignInsAsync(string userId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        if (await accounts.Manager.FindAccountAsync(userId).ConfigureAwait(false) is { } user)
        {
            // Where another change is faster, the count stays until the next login: nothing depends on it.
            await accounts.Manager.ResetAccessFailedCountAsync(user).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<(object Account, bool MayBeUsed)?> LoadAsync(IServiceProvider requestServices, string userId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var manager = requestServices.GetRequiredService<UserManager<TUser>>();
        return await manager.FindAccountAsync(userId).ConfigureAwait(false) is { } user
            ? (user, await identity.MayBeUsedAsync(manager, user).ConfigureAwait(false))
            : null;
    }

    /// <summary>
    /// Reads as often as counting does under Identity's own rules: the account, its stored row, and the user validator's question for its names. What an app's
    /// own validators ask is not known.
    /// </summary>
    private static async Task<FailedSignIn> SimulateCountAsync(UserManager<TUser> manager)
    {
        if (!manager.Options.Lockout.AllowedForNewUsers)
        {
            return FailedSignIn.NotCounted;
        }

        var questions = 3 + (manager.Options.User.RequireUniqueEmail ? 1 : 0);
        for (var question = 0; question < questions; question++)
        {
            await manager.FindByNameAsync(UnknownName).ConfigureAwait(false);
        }

        return FailedSignIn.Simulated;
    }

    private async Task<bool> IsTakenAsync(EmailAddress address)
    {
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        return await accounts.Manager.FindByLoginNameAsync(address.Text).ConfigureAwait(false) is not null;
    }

    private async Task<AccountChange> CreateAsync(
        EmailAddress address, string password, string? displayName, PasswordQueueKey origin, CancellationToken cancellationToken)
    {
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        var user = await NewUserAsync(accounts, address, displayName, cancellationToken).ConfigureAwait(false);

        // Before the address is looked up: a request that can't succeed must not say whether the address has an account.
        var violations = await PasswordViolations.FindAsync(accounts.Manager, user, password).ConfigureAwait(false);
        if (violations.Count > 0)
        {
            return AccountChange.Refused(violations);
        }

        // The user name counts too: an account that is called so can log in by it, and a stranger who signs up must not take that away.
        if (await IsTakenAsync(address).ConfigureAwait(false))
        {
            return AccountChange.Failed(AccountError.EmailTaken);
        }

        if (accounts.Manager is CountersignUserManager<TUser> manager)
        {
            manager.Origin = origin;
        }

        var result = await accounts.Manager.CreateAsync(user, password).ConfigureAwait(false);
        return result.Succeeded ? await DoneAsync(accounts, user).ConfigureAwait(false) : AccountChange.Failed(AddressFault(result));
    }

    private async Task<TUser> NewUserAsync(AccountScope<TUser> accounts, EmailAddress address, string? displayName, CancellationToken cancellationToken)
    {
        var user = shape.Create();
        await accounts.Store.SetUserNameAsync(user, address.Key, cancellationToken).ConfigureAwait(false);
        await ((IUserEmailStore<TUser>)accounts.Store).SetEmailAsync(user, address.Text, cancellationToken).ConfigureAwait(false);
        shape.SetCreatedAt(user, time.GetUtcNow());
        if (displayName is not null)
        {
            shape.SetDisplayName(user, displayName);
        }

        return user;
    }

    /// <summary>The account has no other property that a caller sets, and its password was found good: what a user validator refuses is the address.</summary>
    private static AccountError AddressFault(IdentityResult result) =>
        result.Errors.Any(error => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))
            ? AccountError.EmailTaken
            : AccountError.EmailInvalid;

    private AccountError? DisplayNameFault(string? displayName)
    {
        if (!shape.HasDisplayName)
        {
            return AccountError.DisplayNameUnsupported;
        }

        return displayName is null || AccountText.IsDisplayName(displayName) ? null : AccountError.DisplayNameInvalid;
    }

    private async Task<AccountChange> ChangeAsync(
        string userId,
        ReadOnlyMemory<byte>? stamp,
        RevocationReason? ending,
        Func<AccountScope<TUser>, TUser, Task<AccountOutcome>> change,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var accounts = new AccountScope<TUser>(scopes);
            await using var _ = accounts.ConfigureAwait(false);
            if (await accounts.Manager.FindAccountAsync(userId).ConfigureAwait(false) is not { } user)
            {
                return AccountChange.Failed(AccountError.NotFound);
            }

            // Whoever proved a password that has been changed meanwhile has proved nothing.
            var before = await StampAsync(accounts, user).ConfigureAwait(false);
            if (stamp is { } expected && !expected.Span.SequenceEqual(before))
            {
                break;
            }

            // Read before: a deleted account has no roles to ask for.
            var profile = await ProfileAsync(accounts.Manager, user).ConfigureAwait(false);
            var outcome = await change(accounts, user).ConfigureAwait(false);
            if (outcome.Refusal is { } problem)
            {
                return problem;
            }

            if (outcome.Saved)
            {
                if (ending is { } reason && accounts.Manager is not CountersignUserManager<TUser>)
                {
                    // It is saved: a client that goes away now must not keep the sessions alive.
                    await sessions.RevokeUserAsync(userId, reason, CancellationToken.None).ConfigureAwait(false);
                }

                return ending is RevocationReason.AccountDeleted
                    ? AccountChange.Done(profile, before)
                    : await DoneAsync(accounts, user).ConfigureAwait(false);
            }
        }

        return AccountChange.Failed(AccountError.Conflict);
    }

    private static async Task<byte[]> StampAsync(AccountScope<TUser> accounts, TUser user) =>
        AccountFacts.HashStamp(await accounts.SecurityStampAsync(user, CancellationToken.None).ConfigureAwait(false));

    private async Task<AccountChange> DoneAsync(AccountScope<TUser> accounts, TUser user) => AccountChange.Done(
        await ProfileAsync(accounts.Manager, user).ConfigureAwait(false), await StampAsync(accounts, user).ConfigureAwait(false));

    private async Task<AccountProfile> ProfileAsync(UserManager<TUser> manager, TUser user) => new()
    {
        Id = await manager.GetUserIdAsync(user).ConfigureAwait(false),
        Email = manager.SupportsUserEmail ? await manager.GetEmailAsync(user).ConfigureAwait(false) : null,
        EmailConfirmed = manager.SupportsUserEmail && await manager.IsEmailConfirmedAsync(user).ConfigureAwait(false),
        DisplayName = shape.DisplayName(user),
        IsActive = await identity.MayBeUsedAsync(manager, user).ConfigureAwait(false),
        Roles = manager.SupportsUserRole ? [.. await manager.GetRolesAsync(user).ConfigureAwait(false)] : [],
        CreatedAt = shape.CreatedAt(user),
    };
}
