using Countersign.AspNetCore.Limits;
using Countersign.Passwords;
using Countersign.Sessions;

namespace Countersign.AspNetCore.SignIn;

/// <summary>Logs in, and checks passwords. Every password that starts a session or confirms a change is checked here.</summary>
/// <remarks>
/// <para>
/// A login has these steps, and <see cref="LogInAsync"/> calls them in order: limits, find, verify, checks, start, answer. A second factor becomes
/// one more call there. The app's own events are the last of the checks, in the call that starts the session. A change that requires the password uses the
/// first three.
/// </para>
/// <para>
/// Up to the comparison, every step does the same work for names with and without an account. <see cref="PasswordEngineBusyException"/> and the database's
/// exceptions travel up.
/// </para>
/// </remarks>
internal sealed class SignInService(SignInLimits limits, SignInCandidates candidates, PasswordVerifier verifier, SessionService sessions)
{
    /// <summary>The method of a login with a password (RFC 8176 §2).</summary>
    public const string PasswordMethod = "pwd";

    /// <summary>Logs in with a name and a password.</summary>
    /// <param name="username">An e-mail address or a user name.</param>
    /// <param name="password">The password.</param>
    /// <param name="refreshToken">
    /// A refresh token of an earlier login, expired or not; null if the client has none. One that is not genuine changes nothing.
    /// </param>
    /// <param name="client">The address that the request comes from.</param>
    /// <param name="cancellationToken">Cancels the wait; an attempt that was not compared is given back.</param>
    public Task<LoginResult> LogInAsync(
        string username, string password, string? refreshToken, ClientAddress client, CancellationToken cancellationToken) =>
        SignInActivities.ObserveAsync(() => LogInCoreAsync(username, password, refreshToken, client, cancellationToken));

    private async Task<LoginResult> LogInCoreAsync(
        string username, string password, string? refreshToken, ClientAddress client, CancellationToken cancellationToken)
    {
        // Limits, find, verify.
        var check = await CheckByNameAsync(username, password, refreshToken, client, cancellationToken).ConfigureAwait(false);
        if (!check.Succeeded)
        {
            return LoginResult.Refused(check);
        }

        // Checks, start: the conditions besides the password are checked on the account as it is now, and then the session's row is written. Both steps are one
        // call, because an app that starts a session itself must pass the same checks.
        var started = await sessions.StartAsync(check.UserId, Describe(client, check.Stamp), cancellationToken).ConfigureAwait(false);

        // Answer: the endpoint makes the response, or the problem, from this.
        return LoginResult.Started(check, started);
    }

    /// <summary>Does the first steps of a login: checks the password of the account with a name.</summary>
    /// <param name="username">The name: an e-mail address or a user name.</param>
    /// <param name="password">The password.</param>
    /// <param name="refreshToken">As for <see cref="LogInAsync"/>.</param>
    /// <param name="client">The address that the request comes from.</param>
    /// <param name="cancellationToken">Cancels the wait; an attempt that was not compared is given back.</param>
    public Task<PasswordCheck> CheckByNameAsync(
        string username, string password, string? refreshToken, ClientAddress client, CancellationToken cancellationToken) =>
        CheckAsync(() => candidates.FindByNameAsync(username, refreshToken, client, cancellationToken), password, client, cancellationToken);

    /// <summary>
    /// Checks the password of an account that is logged in already, before a change that requires it. Wrong passwords count only against the session, and the
    /// last allowed one ends it. So strangers can't block the user's own change, and a thief has no more guesses than a stranger.
    /// </summary>
    /// <param name="userId">The account.</param>
    /// <param name="sessionId">The session that asks for the change; null if the token belongs to no session.</param>
    /// <param name="password">The password.</param>
    /// <param name="client">The address that the request comes from.</param>
    /// <param name="cancellationToken">Cancels the wait; an attempt that was not compared is given back.</param>
    public Task<PasswordCheck> CheckByIdAsync(
        string userId, Guid? sessionId, string password, ClientAddress client, CancellationToken cancellationToken) =>
        CheckAsync(() => candidates.FindByIdAsync(userId, sessionId, client, cancellationToken), password, client, cancellationToken);

    /// <summary>Describes the session that starts.</summary>
    /// <param name="client">The address that the request comes from.</param>
    /// <param name="stamp">The account's stamp, read together with the password hash.</param>
    /// <param name="shown">The methods of the session that the new one replaces; the new session keeps them. Null at a login with a password.</param>
    public static SignInContext Describe(ClientAddress client, ReadOnlyMemory<byte> stamp, IReadOnlyList<string>? shown = null) => new()
    {
        Stamp = stamp,
        Methods = shown ?? [PasswordMethod],
        ContinuesSession = shown is not null,
        UserAgent = client.UserAgent,
        IpAddress = client.Address,
        Label = UserAgentLabel.Of(client.UserAgent),
    };

    /// <summary>The steps that every check of a password takes: limits, find, verify.</summary>
    private async Task<PasswordCheck> CheckAsync(
        Func<Task<SignInCandidate>> find, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        // Limits.
        if (limits.TryTake(client) is { } wait)
        {
            return PasswordCheck.TooManyAttempts(wait);
        }

        using var passage = limits.Enter(client);

        // Find.
        var candidate = await find().ConfigureAwait(false);

        // Verify.
        return await verifier.VerifyAsync(candidate, password, passage, cancellationToken).ConfigureAwait(false);
    }
}
