namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The one row whose version every change of the keys raises.</summary>
internal sealed class KeyStateRow
{
    public int Id { get; set; }

    public long Version { get; set; }
}
