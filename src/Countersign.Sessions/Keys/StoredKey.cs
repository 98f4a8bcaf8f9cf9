namespace Countersign.Sessions.Keys;

/// <summary>A key as the table holds it: the private part is encrypted with AES-256-GCM under the master key, which is not in the database.</summary>
internal sealed class StoredKey
{
    /// <summary>The claim <c>kid</c> of what the key signs.</summary>
    public required string KeyId { get; init; }

    /// <summary>What the key is for.</summary>
    public required KeyUse Use { get; init; }

    /// <summary>The one algorithm of the key (RFC 7518 §3.1).</summary>
    public required string Algorithm { get; init; }

    /// <summary>Where the key is in its life.</summary>
    public required KeyState State { get; init; }

    /// <summary>SubjectPublicKeyInfo; null for a symmetric key.</summary>
    public ReadOnlyMemory<byte>? PublicKey { get; init; }

    /// <summary>Nonce, ciphertext and tag of the private part, see <c>MasterKey</c>.</summary>
    public required ReadOnlyMemory<byte> WrappedKey { get; init; }

    /// <summary>When the key was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when the key signs; null while it never did.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>When a retired or revoked key is deleted, because nothing that it signed can still be accepted; null for the others.</summary>
    public DateTimeOffset? RetiresAt { get; init; }

    /// <summary>The same key in another state.</summary>
    internal StoredKey In(KeyState state, DateTimeOffset? activatedAt, DateTimeOffset? retiresAt) => Copy(state, activatedAt, retiresAt, WrappedKey);

    /// <summary>The same key under another master key.</summary>
    internal StoredKey Under(ReadOnlyMemory<byte> wrappedKey) => Copy(State, ActivatedAt, RetiresAt, wrappedKey);

    /// <summary>The key id alone.</summary>
    public override string ToString() => $"StoredKey {KeyId}";

    private StoredKey Copy(KeyState state, DateTimeOffset? activatedAt, DateTimeOffset? retiresAt, ReadOnlyMemory<byte> wrappedKey) => new()
    {
        KeyId = KeyId,
        Use = Use,
        Algorithm = Algorithm,
        State = state,
        PublicKey = PublicKey,
        WrappedKey = wrappedKey,
        CreatedAt = CreatedAt,
        ActivatedAt = activatedAt,
        RetiresAt = retiresAt,
    };
}
