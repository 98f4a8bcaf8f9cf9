using Countersign.Tokens.Keys;

namespace Countersign.Bearer.Authority;

/// <summary>What came of asking an authority for its keys. The zero value brought none.</summary>
internal readonly record struct KeyFetch
{
    /// <summary>The keys; null where they are refused or did not come.</summary>
    public KeySet? Keys { get; private init; }

    /// <summary>How much longer the issuer lets them be kept (RFC 9111 §4.2); null where it does not say.</summary>
    public TimeSpan? Freshness { get; private init; }

    /// <summary>What went wrong, for the log; null where nothing did. Never repeats more of an answer than a number or an address.</summary>
    public string? Fault { get; private init; }

    public static KeyFetch Good(KeySet keys, TimeSpan? freshness) => new() { Keys = keys, Freshness = freshness };

    public static KeyFetch Bad(string fault) => new() { Fault = fault };
}
