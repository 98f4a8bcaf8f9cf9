namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>What a statement does, as far as kill points ask.</summary>
internal enum StatementKind
{
    Other = 0,
    Write,
    Begin,
    Commit,
    Rollback,
}
