namespace Countersign.Bearer;

/// <summary>The schemes among which the forwarding default scheme chooses; immutable.</summary>
internal sealed record DefaultSchemeTargets
{
    /// <summary>The scheme of this package, for requests with one of its tokens.</summary>
    public required string Ours { get; init; }

    /// <summary>The scheme that authenticated the app's requests before; null if there was none.</summary>
    public required string? Authenticate { get; init; }

    /// <summary>The scheme that challenged them; null if there was none.</summary>
    public required string? Challenge { get; init; }

    /// <summary>The scheme that forbade them; null if there was none.</summary>
    public required string? Forbid { get; init; }
}
