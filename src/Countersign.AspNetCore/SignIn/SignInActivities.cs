using Countersign.Sessions;
using Countersign.Sessions.Diagnostics;
using Countersign.Tokens;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The activity of a login, under the source <c>Countersign</c>. It names no account and no address.</summary>
internal static class SignInActivities
{
    /// <summary>Runs a login as an activity.</summary>
    public static Task<LoginResult> ObserveAsync(Func<Task<LoginResult>> logIn) => SessionActivities.ObserveAsync("countersign.login", logIn, FindError);

    private static string? FindError(LoginResult login) => login.Check.Fault switch
    {
        SignInError.WrongCredentials => ReasonCodes.InvalidCredentials,
        SignInError.TooManyAttempts => ReasonCodes.TooManyAttempts,
        _ => login.TryGetTokens(out _, out var error) ? null : error.Value.ToCode(),
    };
}
