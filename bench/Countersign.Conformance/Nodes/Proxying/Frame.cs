namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>One message of PostgreSQL's protocol: its type and its bytes, type and length included.</summary>
internal readonly record struct Frame(char Type, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What follows type and length.</summary>
    public ReadOnlySpan<byte> Body => Bytes.Span[5..];
}
