namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>
/// The only row of the feed's head. Its counter numbers the feed. Its update locks it until the commit, so numbers follow the order of commits.
/// </summary>
internal class FeedHeadRow
{
    public virtual int Id { get; set; }

    public virtual long Sequence { get; set; }

    public virtual long Epoch { get; set; }

    public virtual long StaleBefore { get; set; }
}
