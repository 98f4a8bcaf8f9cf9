using Countersign.Tokens.Revocation;

namespace Countersign.Sessions;

/// <summary>The part of a session that moves: what one refresh or revocation writes.</summary>
/// <param name="Generation">The generation that the current refresh token carries; 1 at login, 0 in an unset value.</param>
/// <param name="Parent">The generation that the current one was made from; null until the first refresh.</param>
/// <param name="KeyId">The refresh key under which the current refresh token is written.</param>
/// <param name="RefreshedAt">The instant of the decision that last wrote; null until the first refresh.</param>
/// <param name="IdleExpiresAt">When the session ends if nobody refreshes it; never after the absolute expiry.</param>
/// <param name="RevokedAt">When it was revoked; null while it was not.</param>
/// <param name="RevokedReason">Why; null while it was not.</param>
internal readonly record struct SessionState(
    int Generation,
    int? Parent,
    string KeyId,
    DateTimeOffset? RefreshedAt,
    DateTimeOffset IdleExpiresAt,
    DateTimeOffset? RevokedAt = null,
    RevocationReason? RevokedReason = null);
