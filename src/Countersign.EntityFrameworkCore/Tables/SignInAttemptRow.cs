namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>
/// The wrong passwords in a row from one origin for an account, a session, or a name without an account. If the origin is <see cref="Strangers"/>: how much of
/// their allowance at a subject all strangers have used.
/// </summary>
internal class SignInAttemptRow
{
    /// <summary>The origin of the row for all strangers. No request has this origin.</summary>
    public const string Strangers = "*";

    public required virtual string Subject { get; set; }

    public required virtual string Origin { get; set; }

    public virtual int Failures { get; set; }

    /// <summary>
    /// No attempt is allowed before this instant; 0 while attempts are free. In the row for all strangers: when their allowance is full again.
    /// </summary>
    public virtual long BlockedUntil { get; set; }

    public virtual long UpdatedAt { get; set; }
}
