using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Stores;

/// <summary>One line of the revocation feed.</summary>
/// <param name="Sequence">Its number in the order of commits; 0 before the store has given it one.</param>
/// <param name="SessionId">The session that was revoked.</param>
/// <param name="Reason">Why.</param>
/// <param name="RevokedAt">When, on the session clock.</param>
internal readonly record struct RevocationEntry(long Sequence, Guid SessionId, RevocationReason Reason, DateTimeOffset RevokedAt);
