using System.Security.Claims;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Identity;

/// <content>Finds out whether a save changes what is in the account's access tokens.</content>
public partial class CountersignUserManager<TUser>
{
    private SaveKind _saving;

    // A call that failed may have changed tracked rows, which the next save of this scope writes.
    private bool _isInDoubt;

    /// <summary>What the running call says of the claims.</summary>
    private enum SaveKind
    {
        /// <summary>Nothing, so they are compared.</summary>
        Any,

        /// <summary>It changes roles or claims, and tells so itself.</summary>
        Claims,

        /// <summary>It counts logins. Then only the account's row is compared: a stranger causes such saves, and must not run the app's code.</summary>
        Count,
    }

    private AccountClaims Claims => _services.GetRequiredService<AccountClaims>();

    /// <inheritdoc/>
    public override Task<IdentityResult> AddToRoleAsync(TUser user, string role) => ChangeClaimsAsync(user, () => base.AddToRoleAsync(user, role));

    /// <inheritdoc/>
    public override Task<IdentityResult> AddToRolesAsync(TUser user, IEnumerable<string> roles) =>
        ChangeClaimsAsync(user, () => base.AddToRolesAsync(user, roles));

    /// <inheritdoc/>
    public override Task<IdentityResult> RemoveFromRoleAsync(TUser user, string role) => ChangeClaimsAsync(user, () => base.RemoveFromRoleAsync(user, role));

    /// <inheritdoc/>
    public override Task<IdentityResult> RemoveFromRolesAsync(TUser user, IEnumerable<string> roles) =>
        ChangeClaimsAsync(user, () => base.RemoveFromRolesAsync(user, roles));

    /// <inheritdoc/>
    public override Task<IdentityResult> AddClaimsAsync(TUser user, IEnumerable<Claim> claims) =>
        Claims.NeedsUser ? ChangeClaimsAsync(user, () => base.AddClaimsAsync(user, claims)) : base.AddClaimsAsync(user, claims);

    /// <inheritdoc/>
    public override Task<IdentityResult> ReplaceClaimAsync(TUser user, Claim claim, Claim newClaim) =>
        Claims.NeedsUser ? ChangeClaimsAsync(user, () => base.ReplaceClaimAsync(user, claim, newClaim)) : base.ReplaceClaimAsync(user, claim, newClaim);

    /// <inheritdoc/>
    public override Task<IdentityResult> RemoveClaimsAsync(TUser user, IEnumerable<Claim> claims) =>
        Claims.NeedsUser ? ChangeClaimsAsync(user, () => base.RemoveClaimsAsync(user, claims)) : base.RemoveClaimsAsync(user, claims);

    /// <inheritdoc/>
    public override Task<IdentityResult> AccessFailedAsync(TUser user) => SaveAsync(SaveKind.Count, () => base.AccessFailedAsync(user));

    /// <inheritdoc/>
    public override Task<IdentityResult> ResetAccessFailedCountAsync(TUser user) => SaveAsync(SaveKind.Count, () => base.ResetAccessFailedCountAsync(user));

    /// <summary>Changes roles or claims, and makes the account's access tokens stale.</summary>
    private async Task<IdentityResult> ChangeClaimsAsync(TUser user, Func<Task<IdentityResult>> change)
    {
        ArgumentNullException.ThrowIfNull(user);

        // Before the save: a derived manager's token may be cancelled with the request, and then nothing can be read any more.
        var userId = await GetUserIdAsync(user).ConfigureAwait(false);
        var result = await SaveAsync(SaveKind.Claims, change).ConfigureAwait(false);
        if (result.Succeeded)
        {
            await _announcements.MakeStaleAsync(userId).ConfigureAwait(false);
        }

        _isInDoubt |= !result.Succeeded;
        return result;
    }

    private async Task<IdentityResult> SaveAsync(SaveKind kind, Func<Task<IdentityResult>> save)
    {
        _saving = kind;
        try
        {
            return await save().ConfigureAwait(false);
        }
        finally
        {
            _saving = SaveKind.Any;
        }
    }

    /// <summary>Reads before a save all that can't be read after it any more.</summary>
    /// <returns>Null if the running call tells the sessions itself.</returns>
    private async Task<SavedClaims?> BeginComparisonAsync(TUser user, AccountRow stored)
    {
        if (_saving is SaveKind.Claims)
        {
            return null;
        }

        var saved = new AccountRow
        {
            Key = stored.Key,
            IsActive = stored.IsActive,
            UserName = await GetUserNameAsync(user).ConfigureAwait(false),
            Email = SupportsUserEmail ? await GetEmailAsync(user).ConfigureAwait(false) : null,
            IsEmailConfirmed = SupportsUserEmail && await IsEmailConfirmedAsync(user).ConfigureAwait(false),
        };
        var isWhole = _saving is SaveKind.Any && Claims.NeedsUser;
        return new SavedClaims(isWhole, saved, isWhole ? await FindClaimsAsync(stored.UserId).ConfigureAwait(false) : Write(stored));
    }

    private async Task<bool> HaveChangedAsync(SavedClaims claims)
    {
        var isInDoubt = _isInDoubt;
        _isInDoubt = false;
        if (isInDoubt || (claims.IsWhole && _announcements.IsInTransaction))
        {
            // In a transaction of the app, another connection would read the claims of before.
            return true;
        }

        var after = claims.IsWhole ? await FindClaimsAsync(claims.Saved.UserId).ConfigureAwait(false) : Write(claims.Saved);
        return claims.Before is null || !string.Equals(claims.Before, after, StringComparison.Ordinal);
    }

    private string Write(AccountRow row) => Accounts.Describe(row).WriteClaims();

    /// <summary>All that tokens carry of the account, as it is in the database.</summary>
    /// <returns>Null if it can't be found out.</returns>
    private async Task<string?> FindClaimsAsync(string userId)
    {
        try
        {
            // It can't be cancelled: after the save, the tokens must become stale even if the client is gone.
            return (await Accounts.DescribeAsync(userId, CancellationToken.None).ConfigureAwait(false))?.WriteClaims();
        }
        catch (Exception exception)
        {
            // A class of the app that throws must not prevent the app from saving an account. In doubt the claims have changed.
            IdentityLog.ClaimsNotCompared(_logger, exception, userId);
            return null;
        }
    }

    /// <param name="IsWhole">Whether all claims are compared, and not only those of the row.</param>
    /// <param name="Saved">The row as it will be.</param>
    /// <param name="Before">The claims of before; null if they can't be found out.</param>
    private sealed record SavedClaims(bool IsWhole, AccountRow Saved, string? Before);
}
