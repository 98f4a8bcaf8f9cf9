using System.Diagnostics.CodeAnalysis;
using Countersign.Sessions;

namespace Countersign.AspNetCore.SignIn;

/// <summary>How a login ended: with tokens, at the password, or at what must hold beside it. The zero value is a wrong password.</summary>
internal readonly struct LoginResult
{
    private readonly SessionStartResult _started;

    private LoginResult(PasswordCheck check, SessionStartResult started)
    {
        Check = check;
        _started = started;
    }

    /// <summary>The check of the password. Where it has failed, nothing came after it.</summary>
    public PasswordCheck Check { get; }

    public static LoginResult Refused(PasswordCheck check) => new(check, default);

    public static LoginResult Started(PasswordCheck check, SessionStartResult started) => new(check, started);

    /// <summary>Gives the tokens, or why the right password was not enough.</summary>
    /// <param name="tokens">The tokens; null if no session was started.</param>
    /// <param name="error">The reason; null if one was started. It means nothing where <see cref="Check"/> has failed.</param>
    public bool TryGetTokens([NotNullWhen(true)] out SessionTokens? tokens, [NotNullWhen(false)] out SessionStartError? error) =>
        _started.TryGetTokens(out tokens, out error);
}
