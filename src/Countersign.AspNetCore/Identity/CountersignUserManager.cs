using Countersign.AspNetCore.Mail;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// Identity's user manager with three changes. Passwords are hashed and compared in the <see cref="PasswordEngine"/> instead of on the request's thread. When
/// an account is saved as deactivated, deleted, or with another security stamp, its sessions end at once. When its roles change, or other data that is in its
/// access tokens, these are stale at once, and its sessions live.
/// </summary>
/// <remarks>
/// <c>AddCountersign</c> registers it in place of the stock <see cref="UserManager{TUser}"/>. An app with its own manager derives it from this class; the
/// constructor is the same. Every method that hashes can throw the engine's <see cref="PasswordEngineBusyException"/>; nothing was changed then. If the
/// account is saved but its sessions can't be ended, the exception of <see cref="SessionService"/> travels up. The refresh tokens of these sessions are
/// refused all the same, because the stamp or the activity has changed, and their access tokens expire. If the access tokens can't be made stale, the exception
/// travels up too: call <see cref="SessionService.ClaimsChangedAsync"/>, or they have the old claims until they expire. In a transaction that the app has
/// opened on the context, all this happens after the commit, and a failure is in the log only, because the app's commit has succeeded. A transaction that the
/// app commits past Entity Framework is not seen: call these methods then.
/// </remarks>
/// <typeparam name="TUser">The app's user type.</typeparam>
public partial class CountersignUserManager<TUser> : UserManager<TUser>
    where TUser : class
{
    private readonly PreparedPasswordHasher<TUser> _prepared;
    private readonly IServiceProvider _services;
    private readonly ILogger<UserManager<TUser>> _logger;
    private readonly AccountAnnouncements _announcements;

    // A manager serves one request, one call at a time, as Identity's own manager does.
    private ComparedPassword? _compared;

    // The stored hash that the last comparison found outdated; null if it was up to date.
    private string? _outdatedHash;

    /// <summary>Takes the same services as Identity's manager.</summary>
    /// <param name="store">The app's user store.</param>
    /// <param name="optionsAccessor">Identity's options.</param>
    /// <param name="passwordHasher">Used only by code that reads <see cref="UserManager{TUser}.PasswordHasher"/> itself.</param>
    /// <param name="userValidators">Run before an account is saved.</param>
    /// <param name="passwordValidators">Run before a new password is hashed.</param>
    /// <param name="keyNormalizer">Normalises e-mail addresses and user names.</param>
    /// <param name="errors">Describes errors.</param>
    /// <param name="services">The services of the request, which include those that <c>AddCountersign</c> registers.</param>
    /// <param name="logger">The manager's log.</param>
    public CountersignUserManager(
        IUserStore<TUser> store,
        IOptions<IdentityOptions> optionsAccessor,
        IPasswordHasher<TUser> passwordHasher,
        IEnumerable<IUserValidator<TUser>> userValidators,
        IEnumerable<IPasswordValidator<TUser>> passwordValidators,
        ILookupNormalizer keyNormalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        ILogger<UserManager<TUser>> logger)
        : base(
            store,
            optionsAccessor,
            new PreparedPasswordHasher<TUser>(passwordHasher),
            userValidators,
            passwordValidators,
            keyNormalizer,
            errors,
            services,
            logger)
    {
        _prepared = (PreparedPasswordHasher<TUser>)PasswordHasher;
        _services = services;
        _logger = logger;
        _announcements = new AccountAnnouncements(services, store, logger);
    }

    /// <summary>The request that changes the account, for the notice to its owner; unknown unless set.</summary>
    internal MailRequest Request { get; set; } = MailRequest.None;

    /// <summary>The origin that the engine counts hashes against; none unless set.</summary>
    internal PasswordQueueKey Origin { get; set; }

    private PasswordEngine Engine => _services.GetRequiredService<PasswordEngine>();

    private IdentityAccounts<TUser> Accounts => _services.GetRequiredService<IdentityAccounts<TUser>>();

    private UserAccessor<TUser> Shape => _services.GetRequiredService<UserAccessor<TUser>>();

    /// <inheritdoc/>
    public override async Task<IdentityResult> CreateAsync(TUser user, string password)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(password);
        return await WithPreparedHashAsync(user, password, () => base.CreateAsync(user, password)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task<IdentityResult> AddPasswordAsync(TUser user, string password)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(password);

        // An account that already has a password is refused before anything is hashed.
        return await HasPasswordAsync(user).ConfigureAwait(false)
            ? await base.AddPasswordAsync(user, password).ConfigureAwait(false)
            : await WithPreparedHashAsync(user, password, () => base.AddPasswordAsync(user, password)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task<IdentityResult> ChangePasswordAsync(TUser user, string currentPassword, string newPassword)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(currentPassword);
        ArgumentNullException.ThrowIfNull(newPassword);
        if (Store is not IUserPasswordStore<TUser> passwords)
        {
            return await base.ChangePasswordAsync(user, currentPassword, newPassword).ConfigureAwait(false);
        }

        try
        {
            // The base method verifies again, and gets this result.
            var compared = await VerifyPasswordAsync(passwords, user, currentPassword).ConfigureAwait(false);
            _compared = new ComparedPassword(user, currentPassword, compared);
            return compared is PasswordVerificationResult.Failed
                ? await base.ChangePasswordAsync(user, currentPassword, newPassword).ConfigureAwait(false)
                : await WithPreparedHashAsync(user, newPassword, () => base.ChangePasswordAsync(user, currentPassword, newPassword)).ConfigureAwait(false);
        }
        finally
        {
            _compared = null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Replaces a hash of another format or a lower cost, and one that only the app's own password hasher reads. The security stamp stays: Identity would
    /// change it, and that would end every session of the account. The account is saved as it is in memory. If another change was saved first, the old hash
    /// stays until the next login.
    /// </remarks>
    public override async Task<bool> CheckPasswordAsync(TUser user, string password)
    {
        _outdatedHash = null;
        var succeeded = await base.CheckPasswordAsync(user, password).ConfigureAwait(false);
        if (succeeded && _outdatedHash is { } outdated && Store is IUserPasswordStore<TUser> passwords && Shape.KeepsConcurrencyStamp)
        {
            await RehashAsync(passwords, user, password, outdated).ConfigureAwait(false);
        }

        return succeeded;
    }

    /// <inheritdoc/>
    public override async Task<IdentityResult> DeleteAsync(TUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var userId = await GetUserIdAsync(user).ConfigureAwait(false);
        var result = await base.DeleteAsync(user).ConfigureAwait(false);
        if (result.Succeeded)
        {
            try
            {
                await _announcements.EndSessionsAsync(userId, RevocationReason.AccountDeleted).ConfigureAwait(false);
            }
            finally
            {
                await _services.GetRequiredService<AccountEvents<TUser>>().DeletedAsync(_services, user).ConfigureAwait(false);
            }
        }

        return result;
    }

    /// <summary>Gives an account a new initial password, and ends its sessions.</summary>
    /// <param name="user">The account.</param>
    /// <param name="password">Checked against every password validator of the app.</param>
    /// <param name="expiresAt">Until when it may be used.</param>
    internal async Task<IdentityResult> SetInitialPasswordAsync(TUser user, string password, DateTimeOffset expiresAt)
    {
        var hashed = await UpdatePasswordHash(user, password, validatePassword: true).ConfigureAwait(false);
        if (!hashed.Succeeded)
        {
            return hashed;
        }

        Shape.SetPasswordExpiresAt(user, expiresAt);
        return await UpdateUserAsync(user).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<IdentityResult> UpdatePasswordHash(TUser user, string newPassword, bool validatePassword)
    {
        // A reset by token also comes here, after the token was verified.
        if (validatePassword)
        {
            var valid = await ValidatePasswordAsync(user, newPassword).ConfigureAwait(false);
            if (!valid.Succeeded)
            {
                return valid;
            }
        }

        return await WithHashAsync(user, newPassword, () => base.UpdatePasswordHash(user, newPassword, validatePassword: false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <returns>Never <see cref="PasswordVerificationResult.SuccessRehashNeeded"/>, see <see cref="CheckPasswordAsync"/>.</returns>
    protected override async Task<PasswordVerificationResult> VerifyPasswordAsync(IUserPasswordStore<TUser> store, TUser user, string password)
    {
        if (_compared is { } compared && compared.IsOf(user, password))
        {
            return compared.Result;
        }

        var hash = await store.GetPasswordHashAsync(user, CancellationToken).ConfigureAwait(false);
        var own = _services.GetRequiredService<AppPasswordHasher<TUser>>().For(user, await GetUserIdAsync(user).ConfigureAwait(false));
        var verification = await Engine.VerifyWithOwnSchemeAsync(password, hash, own, Origin, CancellationToken).ConfigureAwait(false);
        _outdatedHash = verification is PasswordVerification.SuccessRehashNeeded ? hash : null;
        return verification is PasswordVerification.Failed ? PasswordVerificationResult.Failed : PasswordVerificationResult.Success;
    }

    /// <inheritdoc/>
    protected override async Task<IdentityResult> UpdateUserAsync(TUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var userId = await GetUserIdAsync(user).ConfigureAwait(false);
        var stored = await Accounts.FindStoredAsync(userId, CancellationToken).ConfigureAwait(false);
        var (isNewPassword, reason) = stored is null ? (false, null) : await CompareAsync(stored, user).ConfigureAwait(false);
        if (isNewPassword && stored!.PasswordHash is not null && IsSameInstant(Shape.PasswordExpiresAt(user), stored.PasswordExpiresAt))
        {
            // The stored instant belonged to the old password. An instant that was set together with the new password, or before the first one, belongs to the
            // new one.
            Shape.SetPasswordExpiresAt(user, expiresAt: null);
        }

        var claims = stored is null ? null : await BeginComparisonAsync(user, stored).ConfigureAwait(false);
        var result = await base.UpdateUserAsync(user).ConfigureAwait(false);
        if (result.Succeeded && reason is { } ending)
        {
            await _announcements.EndSessionsAsync(userId, ending).ConfigureAwait(false);
            if (isNewPassword && stored?.PasswordHash is not null)
            {
                await _announcements.NotifyAsync(AccountMailKind.PasswordChanged, userId, Request).ConfigureAwait(false);
            }
        }
        else if (result.Succeeded && claims is not null && await HaveChangedAsync(claims).ConfigureAwait(false))
        {
            await _announcements.MakeStaleAsync(userId).ConfigureAwait(false);
        }

        return result;
    }

    private async Task<IdentityResult> WithPreparedHashAsync(TUser user, string password, Func<Task<IdentityResult>> change)
    {
        // The rules run first, so a password that they refuse is never hashed. The base method runs them again.
        var valid = await ValidatePasswordAsync(user, password).ConfigureAwait(false);
        return valid.Succeeded ? await WithHashAsync(user, password, change).ConfigureAwait(false) : valid;
    }

    private async Task<IdentityResult> WithHashAsync(TUser user, string password, Func<Task<IdentityResult>> change)
    {
        try
        {
            _prepared.Prepare(user, password, await Engine.HashAsync(password, Origin, CancellationToken).ConfigureAwait(false));
            return await change().ConfigureAwait(false);
        }
        finally
        {
            _prepared.Clear();
        }
    }

    private async Task RehashAsync(IUserPasswordStore<TUser> passwords, TUser user, string password, string outdated)
    {
        try
        {
            var hash = await Engine.HashAsync(password, Origin, CancellationToken).ConfigureAwait(false);
            await passwords.SetPasswordHashAsync(user, hash, CancellationToken).ConfigureAwait(false);
            if ((await UpdateUserAsync(user).ConfigureAwait(false)).Succeeded)
            {
                return;
            }

            await passwords.SetPasswordHashAsync(user, outdated, CancellationToken).ConfigureAwait(false);
        }
        catch (PasswordEngineBusyException)
        {
            // The password was right, so the check succeeds. The next login tries again to replace the hash.
        }

        var userId = await GetUserIdAsync(user).ConfigureAwait(false);
        IdentityLog.RehashPutOff(_logger, userId);
    }

    /// <summary>Whether the password is another one, and why the account's sessions end. A new hash of the same password leaves the stamp as it is.</summary>
    private async Task<(bool IsNewPassword, RevocationReason? Ending)> CompareAsync(AccountRow stored, TUser user)
    {
        var stamp = Store is IUserSecurityStampStore<TUser> stamps ? await stamps.GetSecurityStampAsync(user, CancellationToken).ConfigureAwait(false) : null;
        var hash = Store is IUserPasswordStore<TUser> passwords ? await passwords.GetPasswordHashAsync(user, CancellationToken).ConfigureAwait(false) : null;
        var isOtherStamp = !string.Equals(stamp, stored.SecurityStamp, StringComparison.Ordinal);
        var isNewPassword = isOtherStamp && !string.Equals(hash, stored.PasswordHash, StringComparison.Ordinal);

        // Also if the account was inactive before: the save that made it inactive may have been interrupted before the sessions ended.
        if (!await Accounts.MayBeUsedAsync(this, user).ConfigureAwait(false))
        {
            return (isNewPassword, RevocationReason.AccountInactive);
        }

        var change = isNewPassword ? RevocationReason.PasswordChanged : RevocationReason.AccountChanged;
        return (isNewPassword, isOtherStamp ? change : null);
    }

    /// <summary>Databases store fewer digits of an instant than .NET does.</summary>
    private static bool IsSameInstant(DateTimeOffset? one, DateTimeOffset? other) => (one - other)?.Duration() < TimeSpan.FromMilliseconds(1);

    private sealed class ComparedPassword(TUser user, string password, PasswordVerificationResult result)
    {
        public PasswordVerificationResult Result { get; } = result;

        public bool IsOf(TUser other, string otherPassword) =>
            ReferenceEquals(user, other) && string.Equals(password, otherPassword, StringComparison.Ordinal);
    }
}
