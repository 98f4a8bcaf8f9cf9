namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>One line of the revocation feed: a session was revoked, or it lives and its account got other claims.</summary>
internal sealed class RevocationRow
{
    /// <summary>
    /// The number, from the head row's counter. An identity column gives numbers before commits, so a reader would miss a line that is committed late.
    /// </summary>
    public long Sequence { get; set; }

    public Guid SessionId { get; set; }

    /// <summary>Null: the account got other claims.</summary>
    public int? Reason { get; set; }

    public long RevokedAt { get; set; }
}
