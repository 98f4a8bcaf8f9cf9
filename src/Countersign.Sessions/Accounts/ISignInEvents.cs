namespace Countersign.Sessions.Accounts;

/// <summary>What the app does itself at a login.</summary>
internal interface ISignInEvents
{
    /// <summary>Whether the app does anything. If it does not, a login must not pay for it.</summary>
    bool Any { get; }

    /// <summary>Asks the app whether it refuses the login, starts the session, and tells the app about it.</summary>
    /// <param name="userId">The account. All other checks of a login have accepted it.</param>
    /// <param name="context">How, and from where, the account proved its identity.</param>
    /// <param name="start">Starts the session. Not called if the app refuses the login, or throws.</param>
    /// <param name="cancellationToken">Cancels what happens before the start.</param>
    /// <returns>The result of <paramref name="start"/>, or the app's refusal.</returns>
    Task<SessionStartResult> StartAsync(
        string userId, SignInContext context, Func<Task<SessionStartResult>> start, CancellationToken cancellationToken);
}
