using Countersign.Sessions;

namespace Countersign.AspNetCore;

/// <summary>
/// The app's own part in sign-up, login and deletion. Implement the methods that the app needs, and register the class with
/// <c>AddCountersign&lt;AppUser&gt;().AddAccountEvents&lt;AppEvents&gt;()</c>. There may be several classes; they run in the order of their registration.
/// </summary>
/// <remarks>
/// <para>
/// One object is made for each sign-up, login or deletion, with scoped services. If <see cref="RegisteringAsync"/> or <see cref="SigningInAsync"/> throws,
/// the route answers 500, the log names the class, and nothing is changed. <see cref="RegisteredAsync"/>, <see cref="SignedInAsync"/> and
/// <see cref="DeletedAsync"/> run when everything has been saved, and before the answer is sent, which waits for them. If one of them throws, the log names
/// the class, the answer stays as it is, and the other classes run all the same.
/// </para>
/// <para>
/// A login with these events costs one more query, which loads the account, and whatever the events do. Without any class it costs nothing. A refresh and a
/// request with an access token call none of them.
/// </para>
/// </remarks>
/// <typeparam name="TUser">The app's user type.</typeparam>
public interface IAccountEvents<in TUser>
    where TUser : class
{
    /// <summary>
    /// Runs at sign-up, after the address, the password and the app's fields were found valid, and before the address is looked up. A check for robots belongs
    /// here.
    /// </summary>
    /// <remarks>
    /// The account is saved after this, in one transaction with everything that was added to the app's own <c>DbContext</c> here. So set the account's
    /// properties, add other rows, and do not save. If sign-up fails later, because the address has an account, none of it is saved.
    /// </remarks>
    /// <param name="user">The new account, which is not saved yet. Its user name and its address are set.</param>
    /// <param name="signUp">The request, and the app's fields.</param>
    /// <param name="cancellationToken">Cancelled if the client is gone.</param>
    /// <returns>Null to accept, or why sign-up is refused: 403.</returns>
    ValueTask<AccountRefusal?> RegisteringAsync(TUser user, SignUpContext signUp, CancellationToken cancellationToken) => default;

    /// <summary>Runs after sign-up has saved the account. Roles that are given here are in the answer.</summary>
    /// <param name="user">The account.</param>
    /// <param name="signUp">The request, and the app's fields.</param>
    ValueTask RegisteredAsync(TUser user, SignUpContext signUp) => default;

    /// <summary>
    /// Runs at a login, after the password was right and every other check has accepted the account, and before the session is written. It also runs in
    /// <see cref="SessionService.StartAsync"/>, whatever the app's other login is. It does not run at a refresh or after a change of the password.
    /// </summary>
    /// <param name="user">The account. Changes are saved if the class saves them.</param>
    /// <param name="signIn">How, and from where, the account proved its identity.</param>
    /// <param name="cancellationToken">Cancelled if the client is gone.</param>
    /// <returns>
    /// Null to accept, or why the login is refused: 403 at the login route, <see cref="SessionStartError.Refused"/> from <c>StartAsync</c>.
    /// </returns>
    ValueTask<AccountRefusal?> SigningInAsync(TUser user, SignInContext signIn, CancellationToken cancellationToken) => default;

    /// <summary>
    /// Runs after a login, or <see cref="SessionService.StartAsync"/>, has started a session. A role that it gives is not in the token of this answer, and
    /// makes that token stale: give roles in <see cref="SigningInAsync"/>.
    /// </summary>
    /// <param name="user">The account. Changes are saved if the class saves them.</param>
    /// <param name="session">The session.</param>
    ValueTask SignedInAsync(TUser user, Session session) => default;

    /// <summary>
    /// Runs after an account was deleted, by <c>DELETE /users/me</c> or by the app through <c>UserManager</c>. Its sessions have ended, or their end has failed
    /// and the caller gets that exception. In a transaction of the app, the commit can still fail.
    /// </summary>
    /// <param name="user">The account as it was.</param>
    ValueTask DeletedAsync(TUser user) => default;
}
