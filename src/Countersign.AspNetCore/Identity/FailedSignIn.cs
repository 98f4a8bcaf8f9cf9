namespace Countersign.AspNetCore.Identity;

/// <summary>How Identity's own lockout handled a wrong password.</summary>
internal enum FailedSignIn
{
    /// <summary>The app's accounts have no lockout, so no wrong password is counted.</summary>
    NotCounted = 1,

    /// <summary>The wrong password was counted.</summary>
    Counted,

    /// <summary>
    /// There is no account to count it for. The same reads were made all the same; the caller must make one write, so that the work is equal.
    /// </summary>
    Simulated,
}
