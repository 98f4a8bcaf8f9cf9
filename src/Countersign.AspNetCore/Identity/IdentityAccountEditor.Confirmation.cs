using System.Data.Common;
using Countersign.AspNetCore.Mail;
using Countersign.Passwords;
using Countersign.Sessions.Stores;
using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <content>Sign-up where a confirmed address is required: the answer does not say whether the address has an account.</content>
internal sealed partial class IdentityAccountEditor<TUser>
{
    /// <summary>The subject of a count that is never read. Only the work of a write is needed.</summary>
    private static readonly SignInAttempt NoAttempt = new("none", string.Empty, IsStranger: false);

    private bool RequiresConfirmedEmail(UserManager<TUser> manager) => shape.RequiresConfirmedEmail || manager.Options.SignIn.RequireConfirmedEmail;

    /// <summary>
    /// Signs up, with the same work for every address: one hash, one mail, the same number of reads, and the write of an account. A new address gets an
    /// account. An unconfirmed account gets the new password, and its older mail becomes void. A confirmed account stays as it is, and its owner gets a mail.
    /// </summary>
    private async Task<AccountChange> AcceptAsync(
        AccountScope<TUser> accounts,
        TUser user,
        EmailAddress address,
        string password,
        PasswordQueueKey origin,
        SignUpContext signUp,
        MailRequest request,
        CancellationToken cancellationToken)
    {
        // Before the address is looked up: what the app's validators say of a new account must not depend on it.
        if (await FindRefusalAsync(accounts.Manager, user).ConfigureAwait(false) is { } refusal)
        {
            return AccountChange.Refused(IdentityErrors.ToRefusal(refusal));
        }

        var hash = await engine.HashAsync(password, origin, cancellationToken).ConfigureAwait(false);
        var mail = await outbox.HoldAsync(MailKinds.SignUp, address.Key, request, cancellationToken).ConfigureAwait(false);

        // From here on nothing is cancelled: the mail that is held must be about what is saved.
        try
        {
            await SaveSignUpAsync(accounts, user, address, hash, signUp).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheDatabase(exception) && !cancellationToken.IsCancellationRequested)
        {
            // Of two sign-ups at once, the unique index on user names lets one through. The other's account is there now.
            if (!await IsTakenAsync(address).ConfigureAwait(false))
            {
                throw;
            }
        }

        await outbox.ReleaseAsync(mail).ConfigureAwait(false);
        return AccountChange.Accepted;
    }

    private async Task SaveSignUpAsync(AccountScope<TUser> accounts, TUser user, EmailAddress address, string hash, SignUpContext signUp)
    {
        var passwords = (IUserPasswordStore<TUser>)accounts.Store;
        var existing = await accounts.Manager.FindByLoginNameAsync(address.Text).ConfigureAwait(false);
        if (existing is null)
        {
            // An account that is saved again is read before.
            await accounts.Manager.FindByNameAsync(UnknownName).ConfigureAwait(false);
            await passwords.SetPasswordHashAsync(user, hash, CancellationToken.None).ConfigureAwait(false);
            if ((await accounts.Manager.CreateAsync(user).ConfigureAwait(false)).Succeeded)
            {
                await events.RegisteredAsync(accounts.Services, user, signUp).ConfigureAwait(false);
            }

            await mailTokens.RemoveAsync(UnknownName, AccountMailKind.ConfirmEmail, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        if (await IsUnconfirmedAsync(accounts, existing, address).ConfigureAwait(false)
            && await identity.MayBeUsedAsync(accounts.Manager, existing).ConfigureAwait(false))
        {
            // Without a new security stamp: there is no session to end, and a reset mail that the owner has asked for must stay good.
            await passwords.SetPasswordHashAsync(existing, hash, CancellationToken.None).ConfigureAwait(false);
            if (shape.HasDisplayName)
            {
                shape.SetDisplayName(existing, shape.DisplayName(user));
            }

            await accounts.Manager.UpdateAsync(existing).ConfigureAwait(false);
            var userId = await accounts.Manager.GetUserIdAsync(existing).ConfigureAwait(false);
            await mailTokens.RemoveAsync(userId, AccountMailKind.ConfirmEmail, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        await SimulateSaveAsync(accounts.Manager).ConfigureAwait(false);
    }

    /// <summary>Whether it is the account of this address, and nobody has confirmed it. One that only has the address as its user name is another's.</summary>
    private static async Task<bool> IsUnconfirmedAsync(AccountScope<TUser> accounts, TUser existing, EmailAddress address)
    {
        var email = await accounts.Manager.GetEmailAsync(existing).ConfigureAwait(false);
        return email is not null
            && string.Equals(accounts.Manager.LookupNameOf(email), accounts.Manager.LookupNameOf(address.Text), StringComparison.Ordinal)
            && !await accounts.Manager.IsEmailConfirmedAsync(existing).ConfigureAwait(false);
    }

    /// <summary>Makes as many reads and writes as saving an account does under Identity's own rules. What an app's own classes do is not known.</summary>
    private async Task SimulateSaveAsync(UserManager<TUser> manager)
    {
        var questions = 2 + (manager.Options.User.RequireUniqueEmail ? 1 : 0);
        for (var question = 0; question < questions; question++)
        {
            await manager.FindByNameAsync(UnknownName).ConfigureAwait(false);
        }

        await attempts.TouchAsync(NoAttempt, CancellationToken.None).ConfigureAwait(false);
        await mailTokens.RemoveAsync(UnknownName, AccountMailKind.ConfirmEmail, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>What the app's user validators say of a new account, except that its names are taken.</summary>
    private static async Task<IdentityError?> FindRefusalAsync(UserManager<TUser> manager, TUser user)
    {
        foreach (var validator in manager.UserValidators)
        {
            var result = await validator.ValidateAsync(manager, user).ConfigureAwait(false);
            if (result.Errors.FirstOrDefault(static error =>
                error.Code is not (nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static bool IsOfTheDatabase(Exception exception) =>
        exception is not AccountEventException && (exception is DbException || exception.InnerException is DbException);
}
