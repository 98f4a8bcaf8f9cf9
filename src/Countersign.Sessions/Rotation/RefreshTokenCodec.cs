using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Countersign.Sessions.Keys;
using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Rotation;

/// <summary>
/// Writes and reads refresh tokens: JWTs (<c>typ: rt+jwt</c>) with the claims <c>iss sub sid gen par chk type iat exp</c>, all of them from the row, in
/// whole seconds, under the key that the row names. Equal rows give equal bytes, so racers on any node get the same token.
/// </summary>
internal sealed class RefreshTokenCodec(TokenPolicy policy, RefreshKeyRing keys, TimeProvider time)
{
    private const string GenerationClaim = "gen";
    private const string ParentClaim = "par";
    private const string CheckClaim = "chk";

    // Refresh tokens have keys of their own: no access token ever verifies here, whatever it claims to be.
    private readonly TokenIssuer _issuer = new(policy.WithKeys(keys.Verification), time);
    private readonly TokenValidator _validator = new(policy.WithKeys(keys.Verification), time);
    private readonly TokenValidator _withoutSession = new(policy, time);

    /// <summary>Writes the token of a row's current generation.</summary>
    /// <param name="row">The row as it was committed.</param>
    /// <param name="key">The key that the row names.</param>
    public string Write(Session row, SigningKey key)
    {
        var state = row.State;
        Span<byte> check = stackalloc byte[SessionCheck.Bytes];
        SessionCheck.Write(row, state.Generation, check);
        List<KeyValuePair<string, ClaimValue>> claims = [new(GenerationClaim, state.Generation)];
        if (state.Parent is { } parent)
        {
            claims.Add(new(ParentClaim, parent));
        }

        claims.Add(new(CheckClaim, Base64Url.EncodeToString(check)));
        return _issuer.Create(
            new TokenDescription
            {
                Type = TokenType.Refresh,
                Subject = row.UserId,
                IssuedAt = state.RefreshedAt ?? row.CreatedAt,
                ExpiresAt = state.IdleExpiresAt,
                SessionId = row.Id,
                Claims = claims,
            },
            key);
    }

    /// <summary>Reads a token: signature, issuer, type, expiry and the form of every claim. Whether it fits its row is for the rotation to say.</summary>
    /// <param name="token">What a client sent.</param>
    /// <param name="now">The instant of its arrival on the session clock.</param>
    /// <param name="claims">What it says; unset if it is refused.</param>
    /// <param name="error">Why it is refused; null if it is not.</param>
    public bool TryRead(string token, DateTimeOffset now, out RefreshTokenClaims claims, [NotNullWhen(false)] out RefreshError? error)
    {
        claims = default;
        if (!_validator.TryValidate(token, now, TokenType.Refresh, out var read, out var fault))
        {
            error = fault == TokenError.Expired ? RefreshError.TokenExpired : NameForeign(token, now);
            return false;
        }

        if (read.SessionId is not { } sessionId)
        {
            error = RefreshError.NoSession;
            return false;
        }

        var check = new byte[SessionCheck.Bytes];
        if (!TryReadGenerations(read, out var generation, out var parent) || !TryReadCheck(read, check) || read.IssuedAt is not { } issuedAt)
        {
            error = RefreshError.InvalidToken;
            return false;
        }

        claims = new RefreshTokenClaims(sessionId, read.Subject, generation, parent, check, issuedAt, read.ExpiresAt);
        error = null;
        return true;
    }

    /// <summary>
    /// A refresh token that the service made without a session is signed with the access tokens' key, and deserves its own answer: it can't be rotated.
    /// </summary>
    private RefreshError NameForeign(string token, DateTimeOffset now) =>
        _withoutSession.TryValidate(token, now, TokenType.Refresh, out var read, out _) && read.SessionId is null
            ? RefreshError.NoSession
            : RefreshError.InvalidToken;

    private static bool TryReadGenerations(TokenClaims read, out int generation, out int? parent)
    {
        generation = 0;
        parent = null;
        if (!read.TryGetInt64(GenerationClaim, out var gen) || gen is < 1 or > int.MaxValue)
        {
            return false;
        }

        generation = (int)gen;
        if (!read.TryGetElement(ParentClaim, out _))
        {
            return true;
        }

        if (!read.TryGetInt64(ParentClaim, out var par) || par < 1 || par >= gen)
        {
            return false;
        }

        parent = (int)par;
        return true;
    }

    private static bool TryReadCheck(TokenClaims read, Span<byte> check) =>
        read.TryGetString(CheckClaim, out var text)
        && text.Length == Base64Url.GetEncodedLength(SessionCheck.Bytes)
        && Base64Url.DecodeFromChars(text, check, out _, out var written) == OperationStatus.Done
        && written == SessionCheck.Bytes;
}
