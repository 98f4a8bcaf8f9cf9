using System.Text.Json.Serialization;

namespace Countersign.Conformance.Nodes;

/// <summary>Where a server keeps its data.</summary>
internal enum StoreKind
{
    Sqlite = 1,

    [JsonStringEnumMemberName("postgresql")]
    PostgreSql,
}
