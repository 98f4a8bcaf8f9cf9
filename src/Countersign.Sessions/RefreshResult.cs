using System.Diagnostics.CodeAnalysis;

namespace Countersign.Sessions;

/// <summary>What a refresh came to: a pair of tokens, or one reason why not.</summary>
public readonly struct RefreshResult
{
    private readonly SessionTokens? _tokens;
    private readonly RefreshError _error;

    internal RefreshResult(SessionTokens tokens) => _tokens = tokens;

    internal RefreshResult(RefreshError error) => _error = error;

    /// <summary>Whether there is a pair. False in an unset value.</summary>
    public bool Succeeded => _tokens is not null;

    /// <summary>Gives the pair or the reason.</summary>
    /// <param name="tokens">The new pair; null if the refresh was refused.</param>
    /// <param name="error">The reason; null if it was not refused.</param>
    public bool TryGetTokens([NotNullWhen(true)] out SessionTokens? tokens, [NotNullWhen(false)] out RefreshError? error)
    {
        tokens = _tokens;
        error = _tokens is not null ? null : _error == default ? RefreshError.InvalidToken : _error;
        return _tokens is not null;
    }
}
