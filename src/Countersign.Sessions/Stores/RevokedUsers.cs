namespace Countersign.Sessions.Stores;

/// <summary>What it came to when everybody's sessions were ended.</summary>
/// <param name="Epoch">The epoch from then on: access tokens of a lower one are refused.</param>
/// <param name="Sessions">How many rows were revoked; sessions that had expired and were not cleaned up yet are among them.</param>
internal readonly record struct RevokedUsers(long Epoch, int Sessions);
