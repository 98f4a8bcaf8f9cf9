namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The one row whose version every change of the keys raises, and that has the mode: 0 before the first start, then a <see cref="Sessions.Keys.SigningMode"/>.</summary>
internal sealed class KeyStateRow
{
    public int Id { get; set; }

    public long Version { get; set; }

    public int Mode { get; set; }
}
