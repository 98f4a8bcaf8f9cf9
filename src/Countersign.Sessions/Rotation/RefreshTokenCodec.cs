using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Countersign.Sessions.Keys;
using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Rotation;

/// <summary>Writes a session's refresh token from its row, and reads it back. No token is ever stored.</summary>
/// <remarks>
/// The claims are <c>iss sub sid gen par chk type iat exp</c>, all from the row and in whole seconds, under the key that the row names: equal rows give equal
/// bytes, so that racers on any node get the same token.
/// </remarks>
/// <param name="policy">The service's policy, with the keys of access tokens.</param>
/// <param name="keys">The refresh keys of this node.</param>
/// <param name="time">Issuer and validator ask for a clock; they are always given their instants here.</param>
internal sealed class RefreshTokenCodec(TokenPolicy policy, RefreshKeyRing keys, TimeProvider time)
{
    private const string GenerationClaim = "gen";
    private const string ParentClaim = "par";
    private const string CheckClaim = "chk";

    // 16 bytes in base64url: no text of this length but the canonical one decodes to as many.
    private const int CheckCharacters = 22;

    // Refresh tokens have keys of their own: no key of an access token verifies here. A token past its expiry may still show that it was copied.
    private readonly TokenIssuer _writer = new(policy.WithKeys(keys.Verification), time);
    private readonly TokenValidator _reader = new(policy.WithKeys(keys.Verification).UnsafePastExpiry(), time);

    // What TokenIssuer makes for the specification has no session, and is signed under the keys of access tokens.
    private readonly TokenValidator _sessionless = new(policy, time);

    /// <summary>Writes the refresh token of a row's current generation.</summary>
    /// <param name="row">The session.</param>
    /// <param name="key">The key that the row names.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is another one, or the row has no generation.</exception>
    public string Write(Session row, SigningKey key)
    {
        var state = row.State;
        if (!string.Equals(key.KeyId, state.KeyId, StringComparison.Ordinal))
        {
            throw new ArgumentException("The token of a row is written under the key that the row names.", nameof(key));
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

        // In the last second of a session both would be equal, and no token has a lifetime of none. The row's own expiry binds all the same.
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
    /// Reads a refresh token: signature and form, not its age. A token past its own expiry is read like any other, and the caller compares
    /// <see cref="RefreshTokenClaims.ExpiresAt"/> (<see cref="RotationRule"/> does). Nothing in a token throws.
    /// </summary>
    /// <param name="token">The token as a client sent it; null is refused like any other.</param>
    /// <param name="now">The instant that its other times are held against, and the expiry of a token without a session.</param>
    /// <param name="claims">What it says; unset when it is refused.</param>
    /// <param name="error">Why it is refused; null when it is not.</param>
    /// <exception cref="SessionsUnavailableException">No refresh key is loaded, or the cryptographic provider failed: that refuses nobody's token.</exception>
    public bool TryRead(string? token, DateTimeOffset now, out RefreshTokenClaims claims, [NotNullWhen(false)] out RefreshError? error) =>
        TryRead(token, now, out claims, out error, out _);

    /// <summary>As the other, and says whether the token names a key that this node does not have: it may have, once it has loaded the keys again.</summary>
    /// <param name="token">As for the other.</param>
    /// <param name="now">As for the other.</param>
    /// <param name="claims">As for the other.</param>
    /// <param name="error">As for the other.</param>
    /// <param name="isKeyUnknown">Whether that is why it is refused.</param>
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
        TokenError.NoKeys or TokenError.VerificationFault => throw new SessionsUnavailableException($"Refresh tokens can't be verified just now ({error})."),
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

        // A policy of a shared secret lets both be missing; this service always writes them.
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

    // The first generation has no parent, and every other an earlier one.
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
