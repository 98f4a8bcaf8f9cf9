namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>One key. The master key encrypts its private part.</summary>
internal sealed class KeyRow
{
    public required string KeyId { get; set; }

    public int Use { get; set; }

    public required string Algorithm { get; set; }

    public int State { get; set; }

    public byte[]? PublicKey { get; set; }

    public required byte[] WrappedKey { get; set; }

    public long CreatedAt { get; set; }

    public long? ActivatedAt { get; set; }

    public long? RetiresAt { get; set; }
}
