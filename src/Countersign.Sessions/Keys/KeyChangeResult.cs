namespace Countersign.Sessions.Keys;

/// <summary>The result of a change of keys.</summary>
public sealed class KeyChangeResult
{
    internal KeyChangeResult()
    {
    }

    /// <summary>Why nothing was changed; null on success.</summary>
    public KeyChangeError? Error { get; internal init; }

    /// <summary>Whether the keys were changed.</summary>
    public bool Succeeded => Error is null;

    /// <summary>What the key is for; unset if there is no such key.</summary>
    public KeyUse Use { get; internal init; }

    /// <summary>The key that signs from now on; with an error, the key that would have signed. Null if the signing key stays the same.</summary>
    public string? SigningKeyId { get; internal init; }

    /// <summary>When that key was published. A key that was made for this change was published just now. Null without <see cref="SigningKeyId"/>.</summary>
    public DateTimeOffset? PublishedAt { get; internal init; }

    /// <summary>When that key has been published for the required time; null without <see cref="SigningKeyId"/>.</summary>
    public DateTimeOffset? ReadyAt { get; internal init; }

    /// <summary>
    /// Whether <see cref="SigningKeyId"/> signs before it was published for the required time. Services that have not read it yet refuse the tokens that it
    /// signs.
    /// </summary>
    public bool IsYoung { get; internal init; }

    /// <summary>Returns the error or the key's id.</summary>
    public override string ToString() => $"KeyChangeResult {Error?.ToString() ?? SigningKeyId}";
}

/// <summary>Why a key was not changed.</summary>
public enum KeyChangeError
{
    /// <summary>No key has that id.</summary>
    KeyUnknown,

    /// <summary>The key is already revoked.</summary>
    KeyRevokedAlready,

    /// <summary>The next key was not published for the required time. Services that verify tokens may not know it yet.</summary>
    NextTooYoung,

    /// <summary>A shared secret signs, so the keys in the database are not used.</summary>
    SharedSecret,

    /// <summary>
    /// Too many signing keys are published. With one more, the JWK Set would be larger than 64 KiB, and services that verify tokens refuse to read such a set.
    /// </summary>
    TooManyPublished,
}
