namespace Countersign.Sessions.Keys;

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

    /// <summary>So many signing keys are published that with one more the JWK Set would be larger than 64 KiB, which services that verify tokens refuse to read.</summary>
    TooManyPublished,
}
