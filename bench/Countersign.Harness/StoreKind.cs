using System.Text.Json.Serialization;

namespace Countersign.Harness;

/// <summary>Where a server keeps its data.</summary>
public enum StoreKind
{
    /// <summary>One file, which the nodes share.</summary>
    Sqlite = 1,

    /// <summary>A database of a cluster that was started for the run.</summary>
    [JsonStringEnumMemberName("postgresql")]
    PostgreSql,
}
