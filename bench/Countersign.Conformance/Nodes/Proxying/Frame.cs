namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>One message of PostgreSQL's protocol: its type and all of its bytes, including type and length.</summary>
internal readonly record struct Frame(char Type, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The bytes after type and length.</summary>
    public ReadOnlySpan<byte> Body => Bytes.Span[5..];
}
