namespace Countersign.Sessions.Stores;

/// <summary>Counts guesses at passwords, before they are made: under parallel guesses a counter that is raised afterwards counts nothing.</summary>
public interface ISignInAttemptStore
{
    /// <summary>Reserves one attempt in a single atomic statement.</summary>
    /// <param name="key">Whom the attempt counts against: an account's id, or a name that no account has.</param>
    /// <param name="policy">How many are free, and how long a block lasts.</param>
    /// <param name="now">The instant of the attempt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if the attempt may go on; otherwise how long the block still lasts.</returns>
    Task<TimeSpan?> TryReserveAsync(string key, GuessPolicy policy, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets the attempts: the password was right, or an administrator unlocked the account.</summary>
    Task ResetAsync(string key, CancellationToken cancellationToken);
}
