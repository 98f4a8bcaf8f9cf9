using Countersign.Tokens.Keys;

namespace Countersign.Bearer.Authority;

/// <summary>The state of an authority's keys. It is immutable, and is replaced by one write of a reference.</summary>
internal sealed record KeyStanding
{
    /// <summary>The last good keys, in use or too old.</summary>
    public KeySet Keys { get; init; } = KeySet.Empty;

    /// <summary>When these keys were requested; null if there never were any.</summary>
    public KeyMoment? AskedAt { get; init; }

    /// <summary>How long after that they are fresh.</summary>
    public TimeSpan Freshness { get; init; }

    /// <summary>The number of failed renewals since then.</summary>
    public int Failures { get; init; }

    /// <summary>When the last renewal ended.</summary>
    public KeyMoment EndedAt { get; init; }

    /// <summary>How long after that the next renewal starts by itself.</summary>
    public TimeSpan Pause { get; init; }
}
