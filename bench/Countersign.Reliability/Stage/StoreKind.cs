namespace Countersign.Reliability.Stage;

/// <summary>Where the nodes keep what they keep.</summary>
internal enum StoreKind
{
    /// <summary>One file, which the nodes share.</summary>
    Sqlite,

    /// <summary>A database of a cluster of this run's own.</summary>
    PostgreSql,
}
