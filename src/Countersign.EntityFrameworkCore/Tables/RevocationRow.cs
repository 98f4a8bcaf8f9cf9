namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>One line of the revocation feed: a session was revoked, or it lives and its account got other claims.</summary>
internal class RevocationRow
{
    /// <summary>
    /// The number, from the head row's counter. An identity column gives numbers before commits, so a reader would miss a line that is committed late.
    /// </summary>
    public virtual long Sequence { get; set; }

    public virtual Guid SessionId { get; set; }

    /// <summary>Null: the account got other claims.</summary>
    public virtual int? Reason { get; set; }

    public virtual long RevokedAt { get; set; }
}
