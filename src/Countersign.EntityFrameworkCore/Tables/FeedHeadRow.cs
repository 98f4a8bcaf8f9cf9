namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>
/// The only row of the feed's head. Its counter numbers the feed. Its update locks it until the commit, so numbers follow the order of commits.
/// </summary>
internal sealed class FeedHeadRow
{
    public int Id { get; set; }

    public long Sequence { get; set; }

    public long Epoch { get; set; }

    public long StaleBefore { get; set; }
}
