namespace Countersign.Sessions.Keys;

/// <summary>A row of the key table. The private part is encrypted with AES-256-GCM under the master key, which is not in the database.</summary>
internal sealed class StoredKey
{
    /// <summary>The header parameter <c>kid</c> of the tokens that the key signs.</summary>
    public required string KeyId { get; init; }

    /// <summary>What the key is for.</summary>
    public required KeyUse Use { get; init; }

    /// <summary>The algorithm of the key (RFC 7518 §3.1).</summary>
    public required string Algorithm { get; init; }

    /// <summary>Which state the key is in.</summary>
    public required KeyState State { get; init; }

    /// <summary>SubjectPublicKeyInfo; null for a symmetric key.</summary>
    public ReadOnlyMemory<byte>? PublicKey { get; init; }

    /// <summary>Nonce, ciphertext and tag of the private part, see <c>MasterKey</c>.</summary>
    public required ReadOnlyMemory<byte> WrappedKey { get; init; }

    /// <summary>When the key was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the key began to sign; null if it has not signed yet.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>When a retired or revoked key is deleted, because none of its tokens can be accepted any more; null for other keys.</summary>
    public DateTimeOffset? RetiresAt { get; init; }

    /// <summary>The same key in another state.</summary>
    internal StoredKey In(KeyState state, DateTimeOffset? activatedAt, DateTimeOffset? retiresAt) => Copy(state, activatedAt, retiresAt, WrappedKey);

    /// <summary>The same key under another master key.</summary>
    internal StoredKey Under(ReadOnlyMemory<byte> wrappedKey) => Copy(State, ActivatedAt, RetiresAt, wrappedKey);

    /// <summary>Returns the type's name and the key id.</summary>
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
