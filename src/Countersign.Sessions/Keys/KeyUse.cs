namespace Countersign.Sessions.Keys;

/// <summary>What a stored key is used for. The numbers are stored in the database.</summary>
public enum KeyUse
{
    /// <summary>The key signs access tokens. Its public part is published.</summary>
    AccessToken = 1,

    /// <summary>The key signs refresh tokens. It is symmetric, is never published and never leaves the service.</summary>
    RefreshToken = 2,
}
