namespace Countersign.Sessions;

/// <summary>What signs access tokens. The number stands in the database, so that no start changes it by accident.</summary>
public enum SigningMode
{
    /// <summary>Keys that the service makes, keeps in the database and publishes; ES256 unless <c>Auth:Algorithm</c> says otherwise.</summary>
    OwnKeys = 1,

    /// <summary>A secret that other services have too, under HS256: each of them can make tokens of any account.</summary>
    SharedSecret = 2,
}
