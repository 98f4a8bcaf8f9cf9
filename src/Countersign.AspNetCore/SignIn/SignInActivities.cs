using System.Diagnostics;
using Countersign.Sessions;
using Countersign.Tokens;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The activity of a login, under the source <c>Countersign</c>. It names no account and no address.</summary>
internal static class SignInActivities
{
    private static readonly ActivitySource Source = new("Countersign");

    /// <summary>Begins the activity of a login.</summary>
    public static Activity? Start() => Source.StartActivity("countersign.login");

    /// <summary>Adds why the login was refused, as the reason code that the client gets.</summary>
    public static LoginResult Ended(Activity? activity, LoginResult login)
    {
        activity?.SetTag("error.type", login.Check.Fault switch
        {
            SignInError.WrongCredentials => ReasonCodes.InvalidCredentials,
            SignInError.TooManyAttempts => ReasonCodes.TooManyAttempts,
            _ => login.TryGetTokens(out _, out var error) ? null : error.Value.ToCode(),
        });
        return login;
    }
}
