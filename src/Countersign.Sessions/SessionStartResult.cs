using System.Diagnostics.CodeAnalysis;

namespace Countersign.Sessions;

/// <summary>What a login came to: the first pair of tokens, or one reason why not.</summary>
public readonly struct SessionStartResult
{
    private readonly SessionTokens? _tokens;
    private readonly SessionStartError _error;

    internal SessionStartResult(SessionTokens tokens) => _tokens = tokens;

    internal SessionStartResult(SessionStartError error) => _error = error;

    /// <summary>Whether there is a pair. False in an unset value.</summary>
    public bool Succeeded => _tokens is not null;

    /// <summary>Gives the pair or the reason.</summary>
    /// <param name="tokens">The first pair; null if no session was started.</param>
    /// <param name="error">The reason; null if one was.</param>
    public bool TryGetTokens([NotNullWhen(true)] out SessionTokens? tokens, [NotNullWhen(false)] out SessionStartError? error)
    {
        tokens = _tokens;
        error = _tokens is not null ? null : _error == default ? SessionStartError.AccountUnknown : _error;
        return _tokens is not null;
    }
}
