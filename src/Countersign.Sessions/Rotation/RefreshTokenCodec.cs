using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Countersign.Sessions.Keys;
using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Rotation;

/// <summary>Writes a session's refresh token from its row, and reads it back. Tokens are never stored.</summary>
/// <remarks>
/// The claims are <c>iss sub sid gen par chk type iat exp</c>. All come from the row, with times in whole seconds, and the row's key signs them. Equal rows
/// give equal bytes, so concurrent refreshes get the same token from every node.
/// </remarks>
/// <param name="policy">The service's policy, with the keys of access tokens.</param>
/// <param name="keys">The refresh keys of this node.</param>
/// <param name="time">The clock that issuer and validator require. Here they always get the time as an argument.</param>
internal sealed class RefreshTokenCodec(TokenPolicy policy, RefreshKeyRing keys, TimeProvider time)
{
    private const string GenerationClaim = "gen";
    private const string ParentClaim = "par";
    private const string CheckClaim = "chk";

    // 16 bytes in base64url. Only the canonical text of this length decodes to 16 bytes.
    private const int CheckCharacters = 22;

    // Refresh tokens have separate keys, so no key of an access token verifies here. A token is read after its expiry too, because it may show that it was
    // copied.
    private readonly TokenIssuer _writer = new(policy.WithKeys(keys.Verification), time);
    private readonly TokenValidator _reader = new(policy.WithKeys(keys.Verification).UnsafePastExpiry(), time);

    // The tokens that TokenIssuer makes for the original specification have no session. The keys of access tokens sign them.
    private readonly TokenValidator _sessionless = new(policy, time);

    /// <summary>Writes the refresh token of a row's current generation.</summary>
    /// <param name="row">The session.</param>
    /// <param name="key">The key that the row names.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not the row's key, or the row has no generation.</exception>
    public string Write(Session row, SigningKey key)
    {
        var state = row.State;
        if (!string.Equals(key.KeyId, state.KeyId, StringComparison.Ordinal))
        {
            throw new ArgumentException("The key must be the one that the row names.", nameof(key));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(state.Generation, 1, nameof(row));
        Span<byte> check = stackalloc byte[RefreshTokenMac.Bytes];
        RefreshTokenMac.Write(row, state.Generation, check);
        var claims = new List<KeyValuePair<string, ClaimValue>>(3) { new(GenerationClaim, (long)state.Generation) };
        if (state.Parent is { } parent)
        {
            claims.Add(new(ParentClaim, (long)parent));
        }

        claims.Add(new(CheckClaim, Base64Url.EncodeToString(check)));

        // In the last second of a session both times would be equal, and a token must have a lifetime. The row's own expiry applies in any case.
        var issuedAt = state.RefreshedAt ?? row.CreatedAt;
        var shortest = issuedAt + TimeSpan.FromSeconds(1);
        return _writer.Create(
            new TokenDescriptor
            {
                Type = TokenType.Refresh,
                Subject = row.UserId,
                IssuedAt = issuedAt,
                ExpiresAt = state.IdleExpiresAt > shortest ? state.IdleExpiresAt : shortest,
                SessionId = row.Id,
                Claims = claims,
            },
            key);
    }

    /// <summary>
    /// Reads a refresh token. It checks the signature and the form, but not the age: the caller compares <see cref="RefreshTokenClaims.ExpiresAt"/>
    /// (<see cref="RotationRule"/> does). No content of a token makes it throw.
    /// </summary>
    /// <param name="token">The token as the client sent it; null is refused.</param>
    /// <param name="now">The time with which its other times are compared, and the expiry of a token without a session.</param>
    /// <param name="claims">The claims; unset if the token is refused.</param>
    /// <param name="error">Why it is refused; null if it is not.</param>
    /// <exception cref="SessionsUnavailableException">No refresh key is loaded, or the cryptographic provider failed. Then the token may be valid.</exception>
    public bool TryRead(string? token, DateTimeOffset now, out RefreshTokenClaims claims, [NotNullWhen(false)] out RefreshError? error) =>
        TryRead(token, now, out claims, out error, out _);

    /// <summary>
    /// Like the other overload. It also says whether this node lacks the token's key: the node may have the key after it has loaded the keys again.
    /// </summary>
    /// <param name="token">As for the other.</param>
    /// <param name="now">As for the other.</param>
    /// <param name="claims">As for the other.</param>
    /// <param name="error">As for the other.</param>
    /// <param name="isKeyUnknown">Whether the token is refused because its key is unknown.</param>
    public bool TryRead(string? token, DateTimeOffset now, out RefreshTokenClaims claims, [NotNullWhen(false)] out RefreshError? error, out bool isKeyUnknown)
    {
        claims = default;
        isKeyUnknown = false;
        if (_reader.TryValidate(token, out var verified, out var tokenError, TokenType.Refresh, now))
        {
            error = ReadClaims(verified, out claims);
            return error is null;
        }

        error = tokenError == TokenError.UnknownKey ? FindSessionlessError(token, now, out isKeyUnknown) : ToError(tokenError.Value);
        return false;
    }

    private static RefreshError ToError(TokenError error) => error switch
    {
        TokenError.NoKeys or TokenError.VerificationFault => throw new SessionsUnavailableException($"Refresh tokens can't be verified now ({error})."),
        _ => RefreshError.InvalidToken,
    };

    private RefreshError FindSessionlessError(string? token, DateTimeOffset now, out bool isKeyUnknown)
    {
        isKeyUnknown = false;
        if (_sessionless.TryValidate(token, out var claims, out var error, TokenType.Refresh, now))
        {
            return claims.SessionId is null ? RefreshError.NoSession : RefreshError.InvalidToken;
        }

        isKeyUnknown = error == TokenError.UnknownKey;
        return error == TokenError.Expired ? RefreshError.TokenExpired : RefreshError.InvalidToken;
    }

    private RefreshError? ReadClaims(TokenClaims verified, out RefreshTokenClaims claims)
    {
        claims = default;
        if (verified.SessionId is not { } sessionId)
        {
            return RefreshError.NoSession;
        }

        // The policy of a shared secret allows that both are missing; this service always writes them.
        if (verified.IssuedAt is not { } issuedAt || !string.Equals(verified.Issuer, policy.Issuer, StringComparison.Ordinal))
        {
            return RefreshError.InvalidToken;
        }

        if (!TryReadGenerations(verified, out var generation, out var parent) || !TryReadCheck(verified, out var check))
        {
            return RefreshError.InvalidToken;
        }

        claims = new RefreshTokenClaims(sessionId, verified.Subject, generation, parent, check, issuedAt, verified.ExpiresAt) { KeyId = verified.Key.KeyId };
        return null;
    }

    // The first generation has no parent, and each other generation has an earlier one.
    private static bool TryReadGenerations(TokenClaims verified, out int generation, out int? parent)
    {
        generation = 0;
        parent = null;
        if (!verified.TryGetInt64(GenerationClaim, out var gen) || gen is < 1 or > int.MaxValue)
        {
            return false;
        }

        generation = (int)gen;
        if (!verified.TryGetElement(ParentClaim, out _))
        {
            return gen == 1;
        }

        if (!verified.TryGetInt64(ParentClaim, out var par) || par < 1 || par >= gen)
        {
            return false;
        }

        parent = (int)par;
        return true;
    }

    private static bool TryReadCheck(TokenClaims verified, out byte[] check)
    {
        check = new byte[RefreshTokenMac.Bytes];
        return verified.TryGetString(CheckClaim, out var text)
            && text.Length == CheckCharacters
            && Base64Url.DecodeFromChars(text, check, out _, out var written) == OperationStatus.Done
            && written == RefreshTokenMac.Bytes;
    }
}

/// <summary>The claims of a refresh token whose signature is verified.</summary>
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
    /// <summary>The key that verified the signature; null if the claims do not come from a token.</summary>
    public string? KeyId { get; init; }
}
