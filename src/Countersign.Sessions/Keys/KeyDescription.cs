namespace Countersign.Sessions.Keys;

/// <summary>A key of the database, without anything secret of it.</summary>
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

    /// <summary>The claim <c>kid</c> of what the key signs.</summary>
    public string KeyId { get; }

    /// <summary>What the key is for.</summary>
    public KeyUse Use { get; }

    /// <summary>The one algorithm of the key (RFC 7518 §3.1).</summary>
    public string Algorithm { get; }

    /// <summary>Where the key is in its life.</summary>
    public KeyState State { get; }

    /// <summary>When the key was made; a signing key is published from then on.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>Since when the key signs; null while it never did.</summary>
    public DateTimeOffset? ActivatedAt { get; }

    /// <summary>When a retired or revoked key is deleted; null for the others.</summary>
    public DateTimeOffset? RetiresAt { get; }

    /// <summary>What it is encrypted under.</summary>
    public KeyEncryption Encryption { get; }

    /// <summary>The key id alone.</summary>
    public override string ToString() => $"KeyDescription {KeyId}";
}

/// <summary>What a key of the database is encrypted under, as far as this service can tell.</summary>
public enum KeyEncryption
{
    /// <summary>Under neither master key that is configured, or the row was changed: the key can't be used here.</summary>
    Unreadable,

    /// <summary>Under <see cref="KeyOptions.MasterKey"/>.</summary>
    MasterKey,

    /// <summary>Under <see cref="KeyOptions.PreviousMasterKey"/>, which is needed as long as there is one such key.</summary>
    PreviousMasterKey,
}
