namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The one row that numbers the feed; updating it is the lock under which numbers are given in the order of commits.</summary>
internal sealed class FeedHeadRow
{
    public int Id { get; set; }

    public long Sequence { get; set; }

    public long Epoch { get; set; }
}
