namespace Countersign.AspNetCore.Identity;

/// <summary>What became of a wrong password in Identity's own lockout.</summary>
internal enum FailedSignIn
{
    /// <summary>The app's accounts have no lockout: nothing is counted, for any name.</summary>
    NotCounted = 1,

    /// <summary>It was counted.</summary>
    Counted,

    /// <summary>There was no account to count it for; what reads the account was done all the same, and one write is due to make the work equal.</summary>
    Simulated,
}
