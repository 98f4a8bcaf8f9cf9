using Countersign.Sessions;
using Countersign.Sessions.Rotation;

namespace Countersign.StoreSpecification;

/// <summary>What a test expects of a refresh.</summary>
internal static class RefreshResultExtensions
{
    /// <summary>The pair.</summary>
    public static SessionTokens Pair(this RefreshResult result)
    {
        Assert.True(result.TryGetTokens(out var tokens, out var error), $"The refresh was refused: {error}.");
        return tokens;
    }

    /// <summary>Why there is none.</summary>
    public static RefreshError Error(this RefreshResult result)
    {
        Assert.False(result.TryGetTokens(out _, out var error), "The refresh was not refused.");
        return error.Value;
    }

    /// <summary>The pair of a login that must not be refused.</summary>
    public static SessionTokens Pair(this SessionStartResult result)
    {
        Assert.True(result.TryGetTokens(out var tokens, out var error), $"The session did not start: {error}");
        return tokens;
    }

    /// <summary>Why a login was refused that must be.</summary>
    public static SessionStartError Error(this SessionStartResult result)
    {
        Assert.False(result.TryGetTokens(out _, out var error), "The session started.");
        return error.Value;
    }
}
