namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>
/// The wrong passwords in a row from one origin at an account, a session, or a name that no account has; or, with <see cref="Strangers"/> as its origin, what
/// strangers have used of a subject's allowance.
/// </summary>
internal sealed class SignInAttemptRow
{
    /// <summary>No origin of a request has this text, so that it names the row of all strangers.</summary>
    public const string Strangers = "*";

    public required string Subject { get; set; }

    public required string Origin { get; set; }

    public int Failures { get; set; }

    /// <summary>No attempt before this instant; 0 while attempts are free. In the row of all strangers: when their allowance is whole again.</summary>
    public long BlockedUntil { get; set; }

    public long UpdatedAt { get; set; }
}
