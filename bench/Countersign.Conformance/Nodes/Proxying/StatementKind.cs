namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>The kind of a statement, as far as kill points need it.</summary>
internal enum StatementKind
{
    Other = 0,
    Write,
    Begin,
    Commit,
    Rollback,
}
