namespace Countersign.Sessions.Stores;

/// <summary>Counts attempts at passwords before they are compared: under parallel guesses a counter that is raised afterwards counts nothing.</summary>
internal interface ISignInAttemptStore
{
    /// <summary>
    /// Reserves one attempt in a single transaction, of all counters that it counts against or of none. The counter of its origin follows
    /// <see cref="LockoutPolicy.DurationAfter"/>; the subject's allowance for strangers is <see cref="LockoutPolicy.StrangerAttempts"/> at once, and comes back one by
    /// one, each after <see cref="LockoutPolicy.StrangerInterval"/>.
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
