namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>One key. The master key encrypts its private part.</summary>
internal class KeyRow
{
    public required virtual string KeyId { get; set; }

    public virtual int Use { get; set; }

    public required virtual string Algorithm { get; set; }

    public virtual int State { get; set; }

    public virtual byte[]? PublicKey { get; set; }

    public required virtual byte[] WrappedKey { get; set; }

    public virtual long CreatedAt { get; set; }

    public virtual long? ActivatedAt { get; set; }

    public virtual long? RetiresAt { get; set; }
}
