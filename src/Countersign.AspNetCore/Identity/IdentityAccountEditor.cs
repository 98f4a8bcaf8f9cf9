using Countersign.AspNetCore.Mail;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Identity;

/// <summary>Creates and changes accounts through the app's own <see cref="UserManager{TUser}"/>, so that its validators and overrides run.</summary>
internal sealed partial class IdentityAccountEditor<TUser>(
    IServiceScopeFactory scopes,
    UserAccessor<TUser> shape,
    IdentityAccounts<TUser> identity,
    AppPasswordHasher<TUser> appHasher,
    PasswordEngine engine,
    SessionService sessions,
    AccountEvents<TUser> events,
    Outbox outbox,
    MailTokens mailTokens,
    ISignInAttemptStore attempts,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger<IdentityAccountEditor<TUser>> logger) : IAccountEditor
    where TUser : class
{
    // The name is looked up only to do the same work; the result is ignored.
    private const string UnknownName = "countersign-unknown";

    // If another change was saved first, the change reads the account again and tries again. Three conflicts in a row are not an accident.
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
    public Task<AccountChange> ChangePasswordAsync(
        string userId,
        string newPassword,
        ReadOnlyMemory<byte>? stamp,
        PasswordQueueKey origin,
        MailRequest request,
        CancellationToken cancellationToken) =>
        SetPasswordAsync(userId, newPassword, stamp, confirmsEmail: false, origin, request, cancellationToken);

    /// <inheritdoc/>
    public Task<AccountChange> ResetPasswordAsync(
        string userId,
        string newPassword,
        ReadOnlyMemory<byte> stamp,
        PasswordQueueKey origin,
        MailRequest request,
        CancellationToken cancellationToken) =>
        SetPasswordAsync(userId, newPassword, stamp, confirmsEmail: true, origin, request, cancellationToken);

    private async Task<AccountChange> SetPasswordAsync(
        string userId,
        string newPassword,
        ReadOnlyMemory<byte>? stamp,
        bool confirmsEmail,
        PasswordQueueKey origin,
        MailRequest request,
        CancellationToken cancellationToken)
    {
        string? hash = null;
        return await ChangeAsync(userId, stamp, RevocationReason.PasswordChanged, SetAsync, cancellationToken).ConfigureAwait(false);

        async Task<AccountOutcome> SetAsync(AccountScope<TUser> accounts, TUser user)
        {
            var violations = await PasswordViolations.FindAsync(accounts.Manager, user, newPassword).ConfigureAwait(false);
            if (violations.Count > 0)
            {
                return new AccountOutcome(AccountChange.Refused(violations));
            }

            hash ??= await engine.HashAsync(newPassword, origin, cancellationToken).ConfigureAwait(false);
            await ((IUserPasswordStore<TUser>)accounts.Store).SetPasswordHashAsync(user, hash, cancellationToken).ConfigureAwait(false);

            if (accounts.Manager is CountersignUserManager<TUser> manager)
            {
                manager.Request = request;
            }

            shape.SetPasswordExpiresAt(user, expiresAt: null);
            if (confirmsEmail && accounts.Store is IUserEmailStore<TUser> emails)
            {
                await emails.SetEmailConfirmedAsync(user, confirmed: true, cancellationToken).ConfigureAwait(false);
            }

            // This sets a new stamp and saves it together with the hash, as one change.
            return new AccountOutcome(await accounts.Manager.UpdateSecurityStampAsync(user).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public Task<AccountChange> ConfirmEmailAsync(string userId, ReadOnlyMemory<byte> stamp, string comparedHash, CancellationToken cancellationToken)
    {
        return ChangeAsync(userId, stamp, ending: null, ConfirmAsync, cancellationToken);

        async Task<AccountOutcome> ConfirmAsync(AccountScope<TUser> accounts, TUser user)
        {
            // The save fails if the account changes between this and the save.
            if (!string.Equals(await accounts.PasswordHashAsync(user, cancellationToken).ConfigureAwait(false), comparedHash, StringComparison.Ordinal))
            {
                return new AccountOutcome(AccountChange.Failed(AccountError.Conflict));
            }

            await ((IUserEmailStore<TUser>)accounts.Store).SetEmailConfirmedAsync(user, confirmed: true, cancellationToken).ConfigureAwait(false);
            return new AccountOutcome(await accounts.Manager.UpdateAsync(user).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public async Task<string?> ComparePasswordAsync(string userId, string password, PasswordQueueKey origin, CancellationToken cancellationToken)
    {
        var account = await identity.FindByIdAsync(userId, cancellationToken).ConfigureAwait(false);
        var verification = await engine.VerifyWithOwnSchemeAsync(password, account?.PasswordHash, FindOwnScheme(account), origin, cancellationToken)
            .ConfigureAwait(false);
        return verification is PasswordVerification.Failed ? null : account?.PasswordHash;
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

        // The hash is written to the store directly. The store's statement applies only if the concurrency stamp is still the one that was read with the old
        // hash, and the security stamp stays. Without Entity Framework here, a store offers no other condition. The statement changes the concurrency stamp, so
        // a change of the same account that was loaded before fails once and is tried again.
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

            // If another login of the account was counted at the same moment, the account is read and counted again.
            if (attempt + 1 >= Attempts || !result.Errors.Any(static error =>
                string.Equals(error.Code, nameof(IdentityErrorDescriber.ConcurrencyFailure), StringComparison.Ordinal)))
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
            // If another change is saved first, the count stays until the next login. Nothing depends on it.
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
    /// Makes as many reads as counting does under Identity's own rules: the account, its stored row, and the user validator's look-up of its names. The reads
    /// of an app's own validators are not known.
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

            // A password that was changed after its check proves nothing.
            var before = await StampAsync(accounts, user).ConfigureAwait(false);
            if (stamp is { } expected && !expected.Span.SequenceEqual(before))
            {
                break;
            }

            // The profile is read first, because a deleted account has no roles to read.
            var profile = await ProfileAsync(accounts.Manager, user).ConfigureAwait(false);
            var outcome = await change(accounts, user).ConfigureAwait(false);
            if (outcome.Refusal is { } refusal)
            {
                return refusal;
            }

            if (outcome.Saved)
            {
                if (ending is { } reason && accounts.Manager is not CountersignUserManager<TUser>)
                {
                    // The change is saved, so the sessions must end even if the client goes away now.
                    await sessions.RevokeUserAsync(userId, reason, CancellationToken.None).ConfigureAwait(false);
                    if (reason is RevocationReason.AccountDeleted)
                    {
                        await events.DeletedAsync(accounts.Services, user).ConfigureAwait(false);
                    }
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
