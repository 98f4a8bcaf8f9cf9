namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>A line of the audit table.</summary>
internal class SecurityEventRow
{
    public virtual Guid Id { get; set; }

    public virtual long At { get; set; }

    public required virtual string Kind { get; set; }

    public virtual string? UserId { get; set; }

    public virtual Guid? SessionId { get; set; }

    public virtual string? IpAddress { get; set; }

    public virtual string? Detail { get; set; }
}
