namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>
/// The wrong passwords in a row from one origin for an account, a session, or a name without an account. If the origin is <see cref="Strangers"/>: how much of
/// their allowance at a subject all strangers have used.
/// </summary>
internal sealed class SignInAttemptRow
{
    /// <summary>The origin of the row for all strangers. No request has this origin.</summary>
    public const string Strangers = "*";

    public required string Subject { get; set; }

    public required string Origin { get; set; }

    public int Failures { get; set; }

    /// <summary>
    /// No attempt is allowed before this instant; 0 while attempts are free. In the row for all strangers: when their allowance is full again.
    /// </summary>
    public long BlockedUntil { get; set; }

    public long UpdatedAt { get; set; }
}
