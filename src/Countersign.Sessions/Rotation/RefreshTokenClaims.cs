namespace Countersign.Sessions.Rotation;

/// <summary>What a refresh token says, after its signature has verified.</summary>
/// <param name="SessionId">The claim <c>sid</c>.</param>
/// <param name="UserId">The claim <c>sub</c>.</param>
/// <param name="Generation">The claim <c>gen</c>, at least 1.</param>
/// <param name="Parent">The claim <c>par</c>; null in a session's first token.</param>
/// <param name="Check">The claim <c>chk</c>, 16 bytes.</param>
/// <param name="IssuedAt">The claim <c>iat</c>, in whole seconds.</param>
/// <param name="ExpiresAt">The claim <c>exp</c>, in whole seconds.</param>
internal readonly record struct RefreshTokenClaims(
    Guid SessionId,
    string UserId,
    int Generation,
    int? Parent,
    ReadOnlyMemory<byte> Check,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>The key that verified the signature; null where the claims come from no token.</summary>
    public string? KeyId { get; init; }
}
