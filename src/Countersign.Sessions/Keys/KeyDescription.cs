namespace Countersign.Sessions.Keys;

/// <summary>A key in the database, without its secret parts.</summary>
public sealed class KeyDescription
{
    internal KeyDescription(StoredKey row, KeyEncryption encryption)
    {
        KeyId = row.KeyId;
        Use = row.Use;
        Algorithm = row.Algorithm;
        State = row.State;
        CreatedAt = row.CreatedAt;
        ActivatedAt = row.ActivatedAt;
        RetiresAt = row.RetiresAt;
        Encryption = encryption;
    }

    /// <summary>The header parameter <c>kid</c> of the tokens that the key signs.</summary>
    public string KeyId { get; }

    /// <summary>What the key is for.</summary>
    public KeyUse Use { get; }

    /// <summary>The algorithm of the key (RFC 7518 §3.1).</summary>
    public string Algorithm { get; }

    /// <summary>Which state the key is in.</summary>
    public KeyState State { get; }

    /// <summary>When the key was made. A signing key is published from this time on.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When the key began to sign; null if it has not signed yet.</summary>
    public DateTimeOffset? ActivatedAt { get; }

    /// <summary>When a retired or revoked key is deleted; null for other keys.</summary>
    public DateTimeOffset? RetiresAt { get; }

    /// <summary>The master key under which the key is encrypted.</summary>
    public KeyEncryption Encryption { get; }

    /// <summary>Returns the type's name and the key id.</summary>
    public override string ToString() => $"KeyDescription {KeyId}";
}

/// <summary>The master key under which a key in the database is encrypted, as far as this service can tell.</summary>
public enum KeyEncryption
{
    /// <summary>Not under a configured master key, or the row was changed. The key can't be used here.</summary>
    Unreadable,

    /// <summary>Under <see cref="KeyOptions.MasterKey"/>.</summary>
    MasterKey,

    /// <summary>Under <see cref="KeyOptions.PreviousMasterKey"/>. That setting is needed while such a key exists.</summary>
    PreviousMasterKey,
}
