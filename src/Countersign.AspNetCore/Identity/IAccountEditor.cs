using Countersign.Passwords;
using Countersign.Sessions.Accounts;

namespace Countersign.AspNetCore.Identity;

/// <summary>The non-generic face of the app's accounts, as endpoints use it. Every method but <see cref="LoadAsync"/> works in a scope of its own.</summary>
/// <remarks>
/// What the database or the password engine can't do now travels up as their own exceptions (<see cref="System.Data.Common.DbException"/> or what wraps it,
/// <see cref="PasswordEngineBusyException"/>).
/// </remarks>
internal interface IAccountEditor
{
    /// <summary>Reads what an account shows of itself.</summary>
    /// <returns>Null if there is no such account.</returns>
    Task<AccountProfile?> FindProfileAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Makes an account whose user name is its e-mail address. Nothing but these three values comes from the caller.</summary>
    /// <param name="email">As it was sent. What is kept of it: <see cref="EmailAddress"/>.</param>
    /// <param name="password">Checked against every password validator of the app.</param>
    /// <param name="displayName">Null for none.</param>
    /// <param name="origin">Whom the hash is counted against in the password engine.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<AccountChange> RegisterAsync(string email, string password, string? displayName, PasswordQueueKey origin, CancellationToken cancellationToken);

    /// <summary>Sets a new password and ends every session of the account. Whoever calls has checked the current password before.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="newPassword">Checked against every password validator of the app.</param>
    /// <param name="stamp">The stamp that the check gave: an account that has changed since is a conflict. Null: not checked.</param>
    /// <param name="origin">Whom the hash is counted against in the password engine.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<AccountChange> ChangePasswordAsync(
        string userId, string newPassword, ReadOnlyMemory<byte>? stamp, PasswordQueueKey origin, CancellationToken cancellationToken);

    /// <summary>Sets the display name; null removes it.</summary>
    Task<AccountChange> SetDisplayNameAsync(string userId, string? displayName, CancellationToken cancellationToken);

    /// <summary>Deletes the account and ends every session of it.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="stamp">The stamp that the check of the password gave: an account that has changed since is a conflict. Null: not checked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<AccountChange> DeleteAsync(string userId, ReadOnlyMemory<byte>? stamp, CancellationToken cancellationToken);

    /// <summary>
    /// Puts another hash of the same password in the place of an outdated one, if the account still has that one. The security stamp stays, so no session ends.
    /// </summary>
    /// <returns>False if the account has changed meanwhile, or keeps no concurrency stamp to tell.</returns>
    Task<bool> TryReplaceHashAsync(string userId, string oldHash, string newHash, CancellationToken cancellationToken);

    /// <summary>
    /// Counts a wrong password in Identity's own lockout, as <c>SignInManager</c> does, so that an app's own login and this one share one count. Where accounts
    /// of the app are counted, a call without an account does as much work, as far as it can be known.
    /// </summary>
    /// <param name="userId">The account whose password was compared and whose wrong ones are counted; null where there is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<FailedSignIn> CountFailedSignInAsync(string? userId, CancellationToken cancellationToken);

    /// <summary>Sets Identity's count of wrong passwords back, after a right one.</summary>
    Task ForgetFailedSignInsAsync(string userId, CancellationToken cancellationToken);

    /// <summary>The app's own password hasher, for the engine to ask about an account whose stored hash nothing else reads.</summary>
    /// <returns>Null if there is no account, or the app has no hasher of its own.</returns>
    IPasswordHashFormat? FindOwnScheme(SignInAccount? account);

    /// <summary>Loads the account itself from the request's own scope, so that the app can change and save what it is given.</summary>
    /// <param name="requestServices">The services of the request.</param>
    /// <param name="userId">The <c>sub</c> of the token.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>An instance of the app's user type, and whether it may be used; null if there is no such account.</returns>
    Task<(object Account, bool MayBeUsed)?> LoadAsync(IServiceProvider requestServices, string userId, CancellationToken cancellationToken);
}
