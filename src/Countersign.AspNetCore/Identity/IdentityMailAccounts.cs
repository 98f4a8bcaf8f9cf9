using Countersign.AspNetCore.Mail;
using Countersign.Sessions.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Identity;

/// <summary>Finds the accounts that mails are about through the app's own user manager.</summary>
internal sealed class IdentityMailAccounts<TUser>(IServiceScopeFactory scopes, UserAccessor<TUser> shape, IdentityAccounts<TUser> identity) : IMailAccounts
    where TUser : class
{
    /// <inheritdoc/>
    public async Task<MailAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        return await accounts.Manager.FindAccountAsync(userId).ConfigureAwait(false) is { } user
            ? await DescribeAsync(accounts, user, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public async Task<MailAccount?> FindByAddressAsync(string address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        return await accounts.Manager.FindByAddressAsync(address).ConfigureAwait(false) is { } user
            ? await DescribeAsync(accounts, user, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<MailAccount?> DescribeAsync(AccountScope<TUser> accounts, TUser user, CancellationToken cancellationToken)
    {
        var manager = accounts.Manager;
        if (!manager.SupportsUserEmail || await manager.GetEmailAsync(user).ConfigureAwait(false) is not { Length: > 0 } email)
        {
            return null;
        }

        return new MailAccount
        {
            UserId = await manager.GetUserIdAsync(user).ConfigureAwait(false),
            Email = email,
            AddressKey = manager.LookupNameOf(email),
            IsEmailConfirmed = await manager.IsEmailConfirmedAsync(user).ConfigureAwait(false),
            IsActive = await identity.MayBeUsedAsync(manager, user).ConfigureAwait(false),
            Stamp = AccountFacts.HashStamp(await accounts.SecurityStampAsync(user, cancellationToken).ConfigureAwait(false)),
            DisplayName = shape.DisplayName(user),
        };
    }
}
