namespace Countersign.Sessions.Stores;

/// <summary>How many wrong passwords an account allows, and how long the blocks after them are.</summary>
/// <param name="MaxFailedAttempts">The number of wrong passwords in a row from one origin that begins the first block.</param>
/// <param name="InitialDuration">The length of the first block. Each further wrong password doubles it.</param>
/// <param name="MaxDuration">The longest block.</param>
internal sealed record LockoutPolicy(int MaxFailedAttempts, TimeSpan InitialDuration, TimeSpan MaxDuration)
{
    /// <summary>
    /// How long a counter is kept after its last attempt and the end of its block. The time is the same for accounts and for names without an account, so that
    /// it reveals nothing. It is short, because each invented name leaves a row.
    /// </summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>The number of wrong passwords that all strangers together may try at once. NIST SP 800-63B-4 §3.2.2 allows 100 in a row.</summary>
    public int StrangerAttempts { get; init; } = 100;

    /// <summary>The time after which strangers may try one more.</summary>
    public TimeSpan StrangerInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The length of the block after the <paramref name="attempt"/>th wrong password in a row; zero while attempts are free.</summary>
    /// <remarks>The store computes the same in one statement of SQL: see <c>RelationalSignInAttemptStore</c>.</remarks>
    /// <param name="attempt">At least 1.</param>
    public TimeSpan DurationAfter(int attempt)
    {
        if (attempt < MaxFailedAttempts)
        {
            return TimeSpan.Zero;
        }

        // 2^20 minutes are two years: longer than any longest block, and far from an overflow.
        var doublings = Math.Min(attempt - MaxFailedAttempts, 20);
        var block = InitialDuration * Math.Pow(2, doublings);
        return block < MaxDuration ? block : MaxDuration;
    }
}
