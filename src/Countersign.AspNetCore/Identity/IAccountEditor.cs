using Countersign.AspNetCore.Mail;
using Countersign.Passwords;
using Countersign.Sessions.Accounts;

namespace Countersign.AspNetCore.Identity;

/// <summary>The non-generic interface to the app's accounts, for endpoints. Every method except <see cref="LoadAsync"/> uses a separate scope.</summary>
/// <remarks>
/// If the database or the password engine can't work at the moment, their own exceptions travel up (<see cref="System.Data.Common.DbException"/> or an
/// exception that wraps it, <see cref="PasswordEngineBusyException"/>).
/// </remarks>
internal interface IAccountEditor
{
    /// <summary>Reads the data of an account that its responses show.</summary>
    /// <returns>Null if there is no such account.</returns>
    Task<AccountProfile?> FindProfileAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Creates an account whose user name is its e-mail address. Only these three values come from the caller.</summary>
    /// <param name="email">The address as it was sent. For the stored form see <see cref="EmailAddress"/>.</param>
    /// <param name="password">Checked against every password validator of the app.</param>
    /// <param name="displayName">Null for none.</param>
    /// <param name="origin">The origin that the password engine counts the hash against.</param>
    /// <param name="signUp">The request, for the app's events; null if none run, and no mail is sent.</param>
    /// <param name="request">The request, for the mail to the owner.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="AccountEventException">An event of the app threw; nothing is saved.</exception>
    Task<AccountChange> RegisterAsync(
        string email,
        string password,
        string? displayName,
        PasswordQueueKey origin,
        SignUpContext? signUp,
        MailRequest request,
        CancellationToken cancellationToken);

    /// <summary>Sets a new password and ends every session of the account. The caller must have checked the current password.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="newPassword">Checked against every password validator of the app.</param>
    /// <param name="stamp">The stamp from that check: if the account has changed since, the result is a conflict. Null: not checked.</param>
    /// <param name="origin">The origin that the password engine counts the hash against.</param>
    /// <param name="request">The request, for the notice to the owner.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<AccountChange> ChangePasswordAsync(
        string userId,
        string newPassword,
        ReadOnlyMemory<byte>? stamp,
        PasswordQueueKey origin,
        MailRequest request,
        CancellationToken cancellationToken);

    /// <summary>
    /// The same for a person who has forgotten the password and has shown a mail. The address is confirmed by it too, and the second factor stays.
    /// </summary>
    Task<AccountChange> ResetPasswordAsync(
        string userId,
        string newPassword,
        ReadOnlyMemory<byte> stamp,
        PasswordQueueKey origin,
        MailRequest request,
        CancellationToken cancellationToken);

    /// <summary>Confirms the e-mail address. The caller must have checked that the person has a mail and knows the password.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="stamp">The stamp from that check: if the account has changed since, the result is a conflict.</param>
    /// <param name="comparedHash">
    /// The hash from that check. A sign-up over an unconfirmed account sets another one and leaves the stamp, and must not be what is confirmed.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<AccountChange> ConfirmEmailAsync(string userId, ReadOnlyMemory<byte> stamp, string comparedHash, CancellationToken cancellationToken);

    /// <summary>Compares a password with the account's, for a change that has its own count of wrong ones.</summary>
    /// <returns>The hash that was compared; null if the password is wrong.</returns>
    Task<string?> ComparePasswordAsync(string userId, string password, PasswordQueueKey origin, CancellationToken cancellationToken);

    /// <summary>Sets the display name; null removes it.</summary>
    Task<AccountChange> SetDisplayNameAsync(string userId, string? displayName, CancellationToken cancellationToken);

    /// <summary>Deletes the account and ends all its sessions.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="stamp">The stamp from the check of the password: if the account has changed since, the result is a conflict. Null: not checked.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<AccountChange> DeleteAsync(string userId, ReadOnlyMemory<byte>? stamp, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces an outdated hash by another hash of the same password, if the account still has the outdated one. The security stamp stays, so no session
    /// ends.
    /// </summary>
    /// <returns>False if the account has changed meanwhile, or has no concurrency stamp to detect that.</returns>
    Task<bool> TryReplaceHashAsync(string userId, string oldHash, string newHash, CancellationToken cancellationToken);

    /// <summary>
    /// Counts a wrong password in Identity's own lockout, as <c>SignInManager</c> does. So an app's own login and this one share one count. If the app's
    /// accounts are counted, a call without an account does the same work, as far as that work is known.
    /// </summary>
    /// <param name="userId">The account whose password was compared; null if there is none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<FailedSignIn> CountFailedSignInAsync(string? userId, CancellationToken cancellationToken);

    /// <summary>Resets Identity's count of wrong passwords after a right one.</summary>
    Task ForgetFailedSignInsAsync(string userId, CancellationToken cancellationToken);

    /// <summary>The app's own password hasher for one account. The engine uses it for a stored hash that no other scheme reads.</summary>
    /// <returns>Null if there is no account, or the app has no hasher of its own.</returns>
    IPasswordHashFormat? FindOwnScheme(SignInAccount? account);

    /// <summary>Loads the account in the request's own scope, so that the app can change and save it.</summary>
    /// <param name="requestServices">The services of the request.</param>
    /// <param name="userId">The <c>sub</c> of the token.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>An instance of the app's user type, and whether it may be used; null if there is no such account.</returns>
    Task<(object Account, bool MayBeUsed)?> LoadAsync(IServiceProvider requestServices, string userId, CancellationToken cancellationToken);
}
