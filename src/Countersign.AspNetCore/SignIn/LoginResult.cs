using System.Diagnostics.CodeAnalysis;
using Countersign.Sessions;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The result of a login: tokens, a failed password check, or a failed condition besides the password. The zero value is a wrong password.</summary>
internal readonly struct LoginResult
{
    private readonly SessionStartResult _started;

    private LoginResult(PasswordCheck check, SessionStartResult started)
    {
        Check = check;
        _started = started;
    }

    /// <summary>The check of the password. If it failed, no later step ran.</summary>
    public PasswordCheck Check { get; }

    /// <summary>The app's own refusal of the login; null if there is none.</summary>
    public AccountRefusal? Refusal => _started.Refusal;

    public static LoginResult Refused(PasswordCheck check) => new(check, default);

    public static LoginResult Started(PasswordCheck check, SessionStartResult started) => new(check, started);

    /// <summary>Gets the tokens, or the reason why the right password was not enough.</summary>
    /// <param name="tokens">The tokens; null if no session was started.</param>
    /// <param name="error">The reason; null if a session was started. Without meaning if <see cref="Check"/> failed.</param>
    public bool TryGetTokens([NotNullWhen(true)] out SessionTokens? tokens, [NotNullWhen(false)] out SessionStartError? error) =>
        _started.TryGetTokens(out tokens, out error);
}
