namespace Countersign.Sessions.Stores;

/// <summary>Counts attempts at passwords before they are compared: under parallel guesses a counter that is raised afterwards counts nothing.</summary>
internal interface ISignInAttemptStore
{
    /// <summary>
    /// Reserves one attempt in a single transaction, of all counters that it counts against or of none. The counter of its origin follows
    /// <see cref="LockoutPolicy.DurationAfter"/>; the subject's allowance for strangers is <see cref="LockoutPolicy.StrangerAttempts"/> at once, and comes
    /// back one by one, each after <see cref="LockoutPolicy.StrangerInterval"/>.
    /// </summary>
    /// <param name="attempt">What it counts against.</param>
    /// <param name="policy">How many are free, and what follows.</param>
    /// <param name="now">The instant of the attempt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<AttemptReservation> ReserveAsync(SignInAttempt attempt, LockoutPolicy policy, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Says that the password was right: forgets the wrong ones of this origin, and gives the stranger's share back.</summary>
    Task SucceedAsync(SignInAttempt attempt, LockoutPolicy policy, CancellationToken cancellationToken);

    /// <summary>Gives back an attempt that was never compared, with the block that it would have begun.</summary>
    Task GiveBackAsync(SignInAttempt attempt, AttemptReservation reservation, LockoutPolicy policy, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a counter's row without a change. A login that is refused for a name without an account makes this write in the place of the one that Identity's
    /// lockout costs for a name with an account, so that both take the same time.
    /// </summary>
    Task TouchAsync(SignInAttempt attempt, CancellationToken cancellationToken);

    /// <summary>Forgets all attempts at a subject, from every origin: an administrator has unlocked it.</summary>
    Task ResetAsync(string subject, CancellationToken cancellationToken);
}

/// <summary>What an attempt at a password counts against.</summary>
/// <param name="Subject">The account, the session or, where there is no account, the name: a prefix and an id or digest, at most 256 characters.</param>
/// <param name="Origin">From where: wrong attempts from one origin block that origin alone. At most 128 characters; empty where the subject has one
/// counter.</param>
/// <param name="IsStranger">Whether nothing shows that the origin has logged in before: then the attempt counts against the subject's allowance for strangers
/// too.</param>
internal readonly record struct SignInAttempt(string Subject, string Origin, bool IsStranger);

/// <summary>The answer to an attempt at a password, before it is compared.</summary>
/// <param name="Wait">How long the attempt must wait; null if it may go on.</param>
/// <param name="BlockedUntil">The end of the block that this attempt begins unless it succeeds or is given back; null if it begins none.</param>
internal readonly record struct AttemptReservation(TimeSpan? Wait, DateTimeOffset? BlockedUntil)
{
    /// <summary>Whether the attempt may go on.</summary>
    public bool MayGoOn => Wait is null;
}

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
