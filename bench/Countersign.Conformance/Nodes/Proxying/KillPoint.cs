namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>The points at which a server may be killed, as its database sees them.</summary>
internal enum KillPoint
{
    /// <summary>The server has sent the first write of a transaction, and it does not reach the database.</summary>
    BeforeWrite = 1,

    /// <summary>Everything is written, but the commit does not reach the database.</summary>
    BeforeCommit,

    /// <summary>The database has committed, but its answer does not reach the server.</summary>
    AfterCommit,
}
