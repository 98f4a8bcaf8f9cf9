namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>A lease for work that only one node at a time may do.</summary>
internal sealed class LeaseRow
{
    public required string Name { get; set; }

    public Guid Holder { get; set; }

    /// <summary>No other node does the work before this instant.</summary>
    public long Until { get; set; }
}
