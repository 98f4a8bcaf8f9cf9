namespace Countersign.Sessions;

/// <summary>What signs access tokens. The number is stored in the database, so that no start changes the mode by accident.</summary>
public enum SigningMode
{
    /// <summary>Keys that the service makes, stores in the database and publishes. They use ES256, unless <c>Auth:Algorithm</c> says otherwise.</summary>
    OwnKeys = 1,

    /// <summary>A secret that other services have too, with HS256. Each of these services can make tokens for any account.</summary>
    SharedSecret = 2,
}
