using System.Diagnostics.CodeAnalysis;

namespace Countersign.Sessions;

/// <summary>The result of a login: the first pair of tokens, or the reason why there is none.</summary>
public readonly struct SessionStartResult
{
    private readonly SessionTokens? _tokens;
    private readonly SessionStartError _error;

    internal SessionStartResult(SessionTokens tokens) => _tokens = tokens;

    internal SessionStartResult(SessionStartError error) => _error = error;

    internal SessionStartResult(AccountRefusal refusal)
    {
        Refusal = refusal;
        _error = SessionStartError.Refused;
    }

    /// <summary>The app's own refusal; null unless the reason is <see cref="SessionStartError.Refused"/>.</summary>
    public AccountRefusal? Refusal { get; }

    /// <summary>Whether there is a pair. False for an unset value.</summary>
    public bool Succeeded => _tokens is not null;

    /// <summary>Gets the pair, or the reason.</summary>
    /// <param name="tokens">The first pair; null if no session was started.</param>
    /// <param name="error">The reason; null if a session was started.</param>
    public bool TryGetTokens([NotNullWhen(true)] out SessionTokens? tokens, [NotNullWhen(false)] out SessionStartError? error)
    {
        tokens = _tokens;
        error = _tokens is not null ? null : _error == default ? SessionStartError.AccountUnknown : _error;
        return _tokens is not null;
    }
}
