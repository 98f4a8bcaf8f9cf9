namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>A line of the audit table.</summary>
internal sealed class SecurityEventRow
{
    public Guid Id { get; set; }

    public long At { get; set; }

    public required string Kind { get; set; }

    public string? UserId { get; set; }

    public Guid? SessionId { get; set; }

    public string? IpAddress { get; set; }

    public string? Detail { get; set; }
}
