namespace Countersign.Bearer;

/// <summary>What an app has chosen for one scheme, besides the keys; immutable.</summary>
internal sealed record BearerSettings
{
    /// <summary>A scheme that is the default only if the app has none, and takes tokens from the header alone.</summary>
    public static readonly BearerSettings Usual = new();

    /// <summary>Whether the app asked for this scheme to be its default.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The paths on which a token may be in the query; empty if there are none.</summary>
    public IReadOnlyList<string> QueryTokenPaths { get; init; } = [];
}
