namespace Countersign.Sessions.Stores;

/// <summary>How many guesses in a row an account allows, and what follows.</summary>
/// <param name="FreeAttempts">So many wrong passwords in a row are only counted; with the last of them the first block begins.</param>
/// <param name="FirstBlock">How long the first block lasts; each further wrong password doubles it.</param>
/// <param name="LongestBlock">No block lasts longer, so that no stranger can lock an account for long.</param>
public sealed record GuessPolicy(int FreeAttempts, TimeSpan FirstBlock, TimeSpan LongestBlock)
{
    /// <summary>The block that begins with the <paramref name="attempt"/>th wrong password in a row; zero while attempts are free.</summary>
    /// <param name="attempt">At least 1.</param>
    public TimeSpan BlockAfter(int attempt)
    {
        if (attempt < FreeAttempts)
        {
            return TimeSpan.Zero;
        }

        // 2^20 minutes are two years: beyond any longest block, and far from overflow.
        var doublings = Math.Min(attempt - FreeAttempts, 20);
        var block = FirstBlock * Math.Pow(2, doublings);
        return block < LongestBlock ? block : LongestBlock;
    }
}
