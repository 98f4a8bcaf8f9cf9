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
