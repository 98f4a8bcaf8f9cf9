namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>Lengths that several tables share.</summary>
internal static class ColumnLengths
{
    /// <summary>Ids and names that come from Identity.</summary>
    public const int Name = 256;
}
