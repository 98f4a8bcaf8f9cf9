using System.Diagnostics.CodeAnalysis;

namespace Countersign.Sessions;

/// <summary>The result of a refresh: a new pair of tokens, or the reason why there is none.</summary>
public readonly struct RefreshResult
{
    private readonly SessionTokens? _tokens;
    private readonly RefreshError _error;

    internal RefreshResult(SessionTokens tokens) => _tokens = tokens;

    internal RefreshResult(RefreshError error) => _error = error;

    /// <summary>Whether there is a pair. False for an unset value.</summary>
    public bool Succeeded => _tokens is not null;

    /// <summary>Gets the pair, or the reason.</summary>
    /// <param name="tokens">The new pair; null if the refresh was refused.</param>
    /// <param name="error">The reason; null if there is a pair.</param>
    public bool TryGetTokens([NotNullWhen(true)] out SessionTokens? tokens, [NotNullWhen(false)] out RefreshError? error)
    {
        tokens = _tokens;
        error = _tokens is not null ? null : _error == default ? RefreshError.InvalidToken : _error;
        return _tokens is not null;
    }
}
