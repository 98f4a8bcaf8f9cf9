using System.Diagnostics;
using Countersign.Sessions;
using Countersign.Sessions.Diagnostics;
using Countersign.Tokens;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The activity of a login, under the source <c>Countersign</c>. It names no account and no address.</summary>
internal static class SignInActivities
{
    private static readonly ActivitySource Source = new("Countersign");

    /// <summary>Runs a login as an activity while somebody listens. It gets the reason code of a refusal or the type of an exception.</summary>
    public static Task<LoginResult> ObserveAsync(Func<Task<LoginResult>> logIn) => Source.HasListeners() ? ObserveCoreAsync(logIn) : logIn();

    private static async Task<LoginResult> ObserveCoreAsync(Func<Task<LoginResult>> logIn)
    {
        using var activity = Source.StartActivity("countersign.login");
        try
        {
            var login = await logIn().ConfigureAwait(false);
            activity?.SetTag("error.type", ReasonOf(login));
            return login;
        }
        catch (Exception exception)
        {
            SessionActivities.Failed(activity, exception);
            throw;
        }
    }

    private static string? ReasonOf(LoginResult login) => login.Check.Fault switch
    {
        SignInError.WrongCredentials => ReasonCodes.InvalidCredentials,
        SignInError.TooManyAttempts => ReasonCodes.TooManyAttempts,
        _ => login.TryGetTokens(out _, out var error) ? null : error.Value.ToCode(),
    };
}
