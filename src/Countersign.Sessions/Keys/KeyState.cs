namespace Countersign.Sessions.Keys;

/// <summary>The state of a key. The numbers are stored in the database.</summary>
public enum KeyState
{
    /// <summary>The key is published and does not sign yet.</summary>
    Next = 1,

    /// <summary>The key signs.</summary>
    Current = 2,

    /// <summary>The key no longer signs. It verifies until the last token that it signed has expired.</summary>
    Retired = 3,

    /// <summary>
    /// The key was revoked. Access tokens that it signed are refused. A refresh token is accepted only if it fits its session's row, and then the session moves
    /// to the current key.
    /// </summary>
    Revoked = 4,
}
