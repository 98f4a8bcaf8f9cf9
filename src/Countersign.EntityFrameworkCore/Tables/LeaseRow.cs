namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>A lease for work that only one node at a time may do.</summary>
internal class LeaseRow
{
    public required virtual string Name { get; set; }

    public virtual Guid Holder { get; set; }

    /// <summary>No other node does the work before this instant.</summary>
    public virtual long Until { get; set; }
}
