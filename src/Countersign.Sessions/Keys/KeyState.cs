namespace Countersign.Sessions.Keys;

/// <summary>Where a key is in its life. The numbers are stored.</summary>
public enum KeyState
{
    /// <summary>Published, never signs yet.</summary>
    Next = 1,

    /// <summary>Signs.</summary>
    Current = 2,

    /// <summary>Verifies until the longest token that it signed has expired.</summary>
    Retired = 3,

    /// <summary>
    /// Taken back: no access token that it signed is accepted, and a refresh token only if it fits its row, which then goes over to the current key.
    /// </summary>
    Revoked = 4,
}
