using Countersign.Tokens.Keys;

namespace Countersign.Bearer.Authority;

/// <summary>The result of a request for an authority's keys. The zero value has no keys.</summary>
internal readonly record struct KeyFetch
{
    /// <summary>The keys; null if they were refused or did not arrive.</summary>
    public KeySet? Keys { get; private init; }

    /// <summary>How much longer the issuer allows to keep them (RFC 9111 §4.2); null if it does not say.</summary>
    public TimeSpan? Freshness { get; private init; }

    /// <summary>What went wrong, for the log; null on success. It never repeats more of an answer than a number or an address.</summary>
    public string? Fault { get; private init; }

    public static KeyFetch Good(KeySet keys, TimeSpan? freshness) => new() { Keys = keys, Freshness = freshness };

    public static KeyFetch Bad(string fault) => new() { Fault = fault };
}
