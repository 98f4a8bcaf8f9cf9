using Countersign.AspNetCore.Mail;
using Countersign.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Hosting;

namespace Countersign.AspNetCore.Identity;

/// <content>Sign-up.</content>
internal sealed partial class IdentityAccountEditor<TUser>
{
    /// <inheritdoc/>
    public async Task<AccountChange> RegisterAsync(
        string email,
        string password,
        string? displayName,
        PasswordQueueKey origin,
        SignUpContext? signUp,
        MailRequest request,
        CancellationToken cancellationToken)
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
            return await CreateAsync(address, password, displayName, origin, signUp, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheDatabase(exception))
        {
            // If two sign-ups run at once, the unique index on user names lets one through. Its error differs by database, so the database is read again.
            if (await IsTakenAsync(address).ConfigureAwait(false))
            {
                return AccountChange.Failed(AccountError.EmailTaken);
            }

            throw;
        }
    }

    private async Task<bool> IsTakenAsync(EmailAddress address)
    {
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        return await accounts.Manager.FindByLoginNameAsync(address.Text).ConfigureAwait(false) is not null;
    }

    private async Task<AccountChange> CreateAsync(
        EmailAddress address,
        string password,
        string? displayName,
        PasswordQueueKey origin,
        SignUpContext? signUp,
        MailRequest request,
        CancellationToken cancellationToken)
    {
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        var user = await NewUserAsync(accounts, address, displayName, cancellationToken).ConfigureAwait(false);

        // This runs before the address is looked up: a request that can't succeed must not reveal whether the address has an account.
        var violations = await PasswordViolations.FindAsync(accounts.Manager, user, password).ConfigureAwait(false);
        if (violations.Count > 0)
        {
            return AccountChange.Refused(violations);
        }

        // So does this: a robot that the app turns away must not find out either.
        if (signUp is not null && events.Any && await AskAppAsync(accounts, user, password, signUp, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            return refusal;
        }

        if (signUp is not null && outbox.IsOn && RequiresConfirmedEmail(accounts.Manager))
        {
            return await AcceptAsync(accounts, user, address, password, origin, signUp, request, cancellationToken).ConfigureAwait(false);
        }

        // User names count too: an account with this user name can log in by it, and a stranger who signs up must not take that away.
        if (await IsTakenAsync(address).ConfigureAwait(false))
        {
            return AccountChange.Failed(AccountError.EmailTaken);
        }

        if (accounts.Manager is CountersignUserManager<TUser> manager)
        {
            manager.Origin = origin;
        }

        // Before the account, so that no crash leaves an account without the mail.
        Guid? mail = signUp is not null && outbox.IsOn
            ? await outbox.HoldAsync(MailKinds.NameOf(AccountMailKind.ConfirmEmail), address.Key, request, cancellationToken).ConfigureAwait(false)
            : null;
        var result = await accounts.Manager.CreateAsync(user, password).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            if (mail is { } held)
            {
                await outbox.DropAsync(held).ConfigureAwait(false);
            }

            return await RefusedAsync(accounts, user, address, result).ConfigureAwait(false);
        }

        if (mail is { } ready)
        {
            await outbox.ReleaseAsync(ready).ConfigureAwait(false);
        }

        if (signUp is not null)
        {
            await events.RegisteredAsync(accounts.Services, user, signUp).ConfigureAwait(false);
        }

        return await DoneAsync(accounts, user).ConfigureAwait(false);
    }

    /// <summary>Asks the app whether it accepts a sign-up. It works in the scope of the account, so what it adds is saved together with the account.</summary>
    /// <returns>Null if it does.</returns>
    private async Task<AccountChange?> AskAppAsync(
        AccountScope<TUser> accounts, TUser user, string password, SignUpContext signUp, CancellationToken cancellationToken)
    {
        if (await events.RegisteringAsync(accounts.Services, user, signUp, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            return AccountChange.Refused(refusal);
        }

        // The app may have set properties that its own password validators read.
        var violations = await PasswordViolations.FindAsync(accounts.Manager, user, password).ConfigureAwait(false);
        return violations.Count > 0 ? AccountChange.Refused(violations) : null;
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

    /// <summary>
    /// What a user validator has refused. The address is also the user name, unless the app's event has set another one. Every other refusal is the app's, and
    /// has the app's words.
    /// </summary>
    private static async Task<AccountChange> RefusedAsync(AccountScope<TUser> accounts, TUser user, EmailAddress address, IdentityResult result)
    {
        var hasName = string.Equals(await accounts.Manager.GetUserNameAsync(user).ConfigureAwait(false), address.Key, StringComparison.Ordinal);
        var hasEmail = string.Equals(await accounts.Manager.GetEmailAsync(user).ConfigureAwait(false), address.Text, StringComparison.Ordinal);
        var faults = result.Errors.Select(error => error.Code switch
        {
            nameof(IdentityErrorDescriber.DuplicateEmail) when hasEmail => AccountError.EmailTaken,
            nameof(IdentityErrorDescriber.DuplicateUserName) when hasName => AccountError.EmailTaken,
            nameof(IdentityErrorDescriber.InvalidEmail) when hasEmail => AccountError.EmailInvalid,
            nameof(IdentityErrorDescriber.InvalidUserName) when hasName => AccountError.EmailInvalid,
            _ => AccountError.Refused,
        }).ToList();
        if (faults.Contains(AccountError.EmailTaken))
        {
            return AccountChange.Failed(AccountError.EmailTaken);
        }

        return faults.Contains(AccountError.EmailInvalid)
            ? AccountChange.Failed(AccountError.EmailInvalid)
            : AccountChange.Refused(IdentityErrors.ToRefusal(result.Errors.First()));
    }
}
