namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>One line of the revocation feed.</summary>
internal sealed class RevocationRow
{
    /// <summary>From the head row's counter, never from an identity column: those are given before commits, and a reader would miss what commits late.</summary>
    public long Sequence { get; set; }

    public Guid SessionId { get; set; }

    public int Reason { get; set; }

    public long RevokedAt { get; set; }
}
