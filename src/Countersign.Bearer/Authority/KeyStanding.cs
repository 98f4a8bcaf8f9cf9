using Countersign.Tokens.Keys;

namespace Countersign.Bearer.Authority;

/// <summary>Where an authority's keys stand; immutable, swapped by one reference write.</summary>
internal sealed record KeyStanding
{
    /// <summary>The last good keys, whether they are in use or too old for it.</summary>
    public KeySet Keys { get; init; } = KeySet.Empty;

    /// <summary>When they were asked for; null while there never were any.</summary>
    public KeyMoment? AskedAt { get; init; }

    /// <summary>How long after that they count as fresh.</summary>
    public TimeSpan Freshness { get; init; }

    /// <summary>Renewals that have failed since; 0 while all is well.</summary>
    public int Failures { get; init; }

    /// <summary>When the last renewal ended.</summary>
    public KeyMoment EndedAt { get; init; }

    /// <summary>How long after that the next one is due without being asked for.</summary>
    public TimeSpan Pause { get; init; }
}
