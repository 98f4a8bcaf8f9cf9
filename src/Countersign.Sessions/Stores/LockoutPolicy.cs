namespace Countersign.Sessions.Stores;

/// <summary>How many wrong passwords an account allows, and what follows.</summary>
/// <param name="MaxFailedAttempts">So many wrong passwords in a row from one origin are only counted; with the last of them the first block begins.</param>
/// <param name="InitialDuration">How long the first block lasts; each further wrong password doubles it.</param>
/// <param name="MaxDuration">No block lasts longer.</param>
internal sealed record LockoutPolicy(int MaxFailedAttempts, TimeSpan InitialDuration, TimeSpan MaxDuration)
{
    /// <summary>
    /// How long after the last attempt and the end of its block a counter is forgotten. It is the same for accounts and for names that no account has, so that
    /// nothing tells them apart, and short, because every name that a stranger makes up leaves a row.
    /// </summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>Wrong passwords that strangers, all together, may try at once. NIST SP 800-63B-4 §3.2.2 allows 100 in a row.</summary>
    public int StrangerAttempts { get; init; } = 100;

    /// <summary>After it, strangers may try one more.</summary>
    public TimeSpan StrangerInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The block that begins with the <paramref name="attempt"/>th wrong password in a row; zero while attempts are free.</summary>
    /// <param name="attempt">At least 1.</param>
    public TimeSpan DurationAfter(int attempt)
    {
        if (attempt < MaxFailedAttempts)
        {
            return TimeSpan.Zero;
        }

        // 2^20 minutes are two years: beyond any longest block, and far from overflow.
        var doublings = Math.Min(attempt - MaxFailedAttempts, 20);
        var block = InitialDuration * Math.Pow(2, doublings);
        return block < MaxDuration ? block : MaxDuration;
    }
}
