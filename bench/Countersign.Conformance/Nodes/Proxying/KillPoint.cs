namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>Where a server may be killed, seen from its database.</summary>
internal enum KillPoint
{
    /// <summary>The first write of a transaction has left the server, and does not reach the database.</summary>
    BeforeWrite = 1,

    /// <summary>All is written, and the commit does not reach the database.</summary>
    BeforeCommit,

    /// <summary>The database has committed, and its answer does not reach the server.</summary>
    AfterCommit,
}
