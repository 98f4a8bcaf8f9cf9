namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>Work that one node at a time does.</summary>
internal sealed class LeaseRow
{
    public required string Name { get; set; }

    public Guid Holder { get; set; }

    /// <summary>Nobody else does it before this instant.</summary>
    public long Until { get; set; }
}
