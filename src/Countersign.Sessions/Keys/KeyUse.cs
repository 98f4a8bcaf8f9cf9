namespace Countersign.Sessions.Keys;

/// <summary>What a stored key is for. The numbers are stored.</summary>
public enum KeyUse
{
    /// <summary>Signs access tokens; its public part is published.</summary>
    AccessToken = 1,

    /// <summary>Signs refresh tokens; symmetric, never published, never leaves the service.</summary>
    RefreshToken = 2,
}
