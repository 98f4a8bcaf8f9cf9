namespace Countersign.Sessions.Stores;

/// <summary>Counts password attempts before the passwords are compared. A counter that is raised after the comparison does not stop parallel guesses.</summary>
internal interface ISignInAttemptStore
{
    /// <summary>
    /// Reserves one attempt in a single transaction, on all of its counters or on none. The counter of its origin follows
    /// <see cref="LockoutPolicy.DurationAfter"/>. The subject allows strangers <see cref="LockoutPolicy.StrangerAttempts"/> attempts at once, and one more
    /// after each <see cref="LockoutPolicy.StrangerInterval"/>.
    /// </summary>
    /// <param name="attempt">The counters of the attempt.</param>
    /// <param name="policy">The number of free attempts, and the blocks after them.</param>
    /// <param name="now">The time of the attempt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<AttemptReservation> ReserveAsync(SignInAttempt attempt, LockoutPolicy policy, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Records a right password: resets the wrong ones of this origin, and returns the attempt to the strangers' allowance.</summary>
    Task SucceedAsync(SignInAttempt attempt, LockoutPolicy policy, CancellationToken cancellationToken);

    /// <summary>Returns an attempt whose password was not compared, and removes the block that it would have begun.</summary>
    Task GiveBackAsync(SignInAttempt attempt, AttemptReservation reservation, LockoutPolicy policy, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a counter's row without a change. A refused login for a name with an account writes Identity's lockout. A refused login for a name without an
    /// account makes this write instead, so that both take the same time.
    /// </summary>
    Task TouchAsync(SignInAttempt attempt, CancellationToken cancellationToken);

    /// <summary>Deletes all attempts at a subject, from every origin, because an administrator has unlocked it.</summary>
    Task ResetAsync(string subject, CancellationToken cancellationToken);
}

/// <summary>The counters of a password attempt.</summary>
/// <param name="Subject">The account, the session, or the name if there is no account: a prefix and an id or digest, at most 256 characters.</param>
/// <param name="Origin">
/// Where the attempt comes from. Wrong attempts from one origin block only that origin. At most 128 characters; empty if the subject has one counter.
/// </param>
/// <param name="IsStranger">
/// Whether nothing shows an earlier login from the origin. Then the attempt also counts against the subject's allowance for strangers.
/// </param>
internal readonly record struct SignInAttempt(string Subject, string Origin, bool IsStranger);

/// <summary>The answer to a password attempt, before the password is compared.</summary>
/// <param name="Wait">How long the attempt must wait; null if it may continue.</param>
/// <param name="BlockedUntil">The end of the block that this attempt begins, unless it succeeds or is returned; null if it begins none.</param>
internal readonly record struct AttemptReservation(TimeSpan? Wait, DateTimeOffset? BlockedUntil)
{
    /// <summary>Whether the attempt may continue.</summary>
    public bool MayGoOn => Wait is null;
}

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
