namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The guesses in a row at one account, or at a name that no account has.</summary>
internal sealed class SignInAttemptRow
{
    public required string Key { get; set; }

    public int Failures { get; set; }

    /// <summary>No attempt before this instant; 0 while attempts are free.</summary>
    public long BlockedUntil { get; set; }

    public long UpdatedAt { get; set; }
}
