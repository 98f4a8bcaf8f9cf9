namespace Countersign.Sessions.Keys;

/// <summary>What came of a change of keys.</summary>
public sealed class KeyChangeResult
{
    internal KeyChangeResult()
    {
    }

    /// <summary>Why nothing was changed; null if it was.</summary>
    public KeyChangeError? Error { get; internal init; }

    /// <summary>Whether it was done.</summary>
    public bool Succeeded => Error is null;

    /// <summary>What the key is for; unset if there is no such key.</summary>
    public KeyUse Use { get; internal init; }

    /// <summary>The key that signs from now on, or that would have; null if that has not changed.</summary>
    public string? SigningKeyId { get; internal init; }

    /// <summary>Since when that key has been published: an instant ago, if it had to be made; null without <see cref="SigningKeyId"/>.</summary>
    public DateTimeOffset? PublishedAt { get; internal init; }

    /// <summary>When that key has been published for as long as it should before it signs; null without <see cref="SigningKeyId"/>.</summary>
    public DateTimeOffset? ReadyAt { get; internal init; }

    /// <summary>
    /// Whether <see cref="SigningKeyId"/> signs although it has not been published for as long as it should: services that have not read it yet
    /// refuse what it signs.
    /// </summary>
    public bool IsYoung { get; internal init; }

    /// <summary>The error or the key alone.</summary>
    public override string ToString() => $"KeyChangeResult {Error?.ToString() ?? SigningKeyId}";
}

/// <summary>Why a key was not changed.</summary>
public enum KeyChangeError
{
    /// <summary>No key has that id.</summary>
    KeyUnknown,

    /// <summary>The key was revoked before.</summary>
    KeyRevokedAlready,

    /// <summary>The next key has not been published for as long as it must have been: who verifies tokens may not know it yet.</summary>
    NextTooYoung,

    /// <summary>A shared secret is configured: it signs, and the keys in the database do not.</summary>
    SharedSecret,

    /// <summary>
    /// So many signing keys are published that with one more the JWK Set would be larger than 64 KiB, which services that verify tokens refuse to
    /// read.
    /// </summary>
    TooManyPublished,
}
