namespace Countersign.Sessions;

/// <summary>Whose a genuine refresh token is.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">The account.</param>
public readonly record struct RefreshTokenOwner(Guid SessionId, string UserId);
