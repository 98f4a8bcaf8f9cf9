using Countersign.Tokens.Revocation;

namespace Countersign.Sessions;

/// <summary>The part of a session that a refresh or a revocation writes.</summary>
/// <param name="Generation">The generation that the current refresh token carries; 1 at login, 0 in an unset value.</param>
/// <param name="Parent">The generation from which the current one was made; null until the first refresh.</param>
/// <param name="KeyId">The refresh key that signs the current refresh token.</param>
/// <param name="RefreshedAt">The time of the last refresh that wrote the row; null until the first one.</param>
/// <param name="IdleExpiresAt">When the session ends without a refresh; never after the absolute expiry.</param>
/// <param name="RevokedAt">When it was revoked; null if it was not.</param>
/// <param name="RevokedReason">Why it was revoked; null if it was not.</param>
internal readonly record struct SessionState(
    int Generation,
    int? Parent,
    string KeyId,
    DateTimeOffset? RefreshedAt,
    DateTimeOffset IdleExpiresAt,
    DateTimeOffset? RevokedAt = null,
    RevocationReason? RevokedReason = null);
