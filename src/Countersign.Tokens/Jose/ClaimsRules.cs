namespace Countersign.Tokens.Jose;

/// <summary>
/// Checks a claims set against the rules, in the order of the design: times, issuer, audience, type, subject and id. Every rule is an inequality over one
/// reading of the clock.
/// </summary>
internal static class ClaimsRules
{
    /// <param name="claims">The claims.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="typ">The value of <c>typ</c> in the header.</param>
    /// <param name="expected">The expected kind of token; null accepts both kinds.</param>
    /// <param name="now">The reading of the clock.</param>
    /// <returns>The first broken rule, or null.</returns>
    public static TokenError? Check(in ClaimsSet claims, TokenPolicy policy, HeaderTyp typ, TokenType? expected, DateTimeOffset now) =>
        CheckTimes(claims, policy, now)
        ?? CheckIssuer(claims, policy)
        ?? CheckAudience(claims, policy)
        ?? CheckType(claims, typ, expected)
        ?? CheckIdentifiers(claims, policy)
        ?? (claims.HasConfirmation ? TokenError.ProofRequired : null);

    /// <summary>
    /// Whether <c>typ</c> fits the token (RFC 8725 §3.11). Under a shared secret it may be missing or "JWT": there the claim <c>type</c> tells the kinds apart.
    /// </summary>
    public static bool IsTypAllowed(HeaderTyp typ, TokenPolicy policy, TokenType? expected) => typ switch
    {
        HeaderTyp.Access => expected is null or TokenType.Access,
        HeaderTyp.Refresh => expected is null or TokenType.Refresh,
        HeaderTyp.Missing or HeaderTyp.Jwt => policy.IsSharedSecret,
        _ => false,
    };

    private static TokenError? CheckTimes(in ClaimsSet claims, TokenPolicy policy, DateTimeOffset now)
    {
        if (claims.ExpiresAt is not { } expiresAt)
        {
            return TokenError.MissingExpiry;
        }

        if (!policy.ReadsPastExpiry && now >= NumericDate.ToInstant(expiresAt))
        {
            return TokenError.Expired;
        }

        // Subtract from the claim instead of adding to the clock: an addition near the year 9999 overflows.
        if (claims.NotBefore is { } notBefore && NumericDate.ToInstant(notBefore) - now > policy.ClockSkew)
        {
            return TokenError.NotYetValid;
        }

        if (claims.IssuedAt is not { } issuedAt)
        {
            return !policy.IsSharedSecret ? TokenError.MissingIssuedAt
                : claims.Type == TypeClaim.Access && NumericDate.ToInstant(expiresAt) - now > policy.MaxAccessLifetime ? TokenError.LifetimeTooLong
                : null;
        }

        // The refresh token of a session is compared with its row, and the row decides what to do when a clock was set back. A refusal here would log the user
        // out.
        var isHeldAgainstRow = claims.Type == TypeClaim.Refresh && claims.SessionId is not null;
        return issuedAt > expiresAt ? TokenError.ExpiresBeforeIssued
            : !isHeldAgainstRow && NumericDate.ToInstant(issuedAt) - now > policy.ClockSkew ? TokenError.IssuedInFuture
            : claims.Type == TypeClaim.Access && expiresAt - issuedAt > policy.MaxAccessLifetime.TotalSeconds ? TokenError.LifetimeTooLong
            : null;
    }

    private static TokenError? CheckIssuer(in ClaimsSet claims, TokenPolicy policy)
    {
        if (claims.Issuer is null)
        {
            return policy.IsSharedSecret ? null : TokenError.WrongIssuer;
        }

        return policy.Issuer is null || string.Equals(claims.Issuer, policy.Issuer, StringComparison.Ordinal) ? null : TokenError.WrongIssuer;
    }

    private static TokenError? CheckAudience(in ClaimsSet claims, TokenPolicy policy) => claims.Audience switch
    {
        AudienceClaim.Ours => null,
        AudienceClaim.Missing when policy.IsSharedSecret || claims.Type == TypeClaim.Refresh => null,
        _ => TokenError.WrongAudience,
    };

    private static TokenError? CheckType(in ClaimsSet claims, HeaderTyp typ, TokenType? expected)
    {
        var isKnown = claims.Type is TypeClaim.Access or TypeClaim.Refresh;
        var isExpected = isKnown && (expected is null || (int)claims.Type == (int)expected);
        var fitsTyp = typ is not (HeaderTyp.Access or HeaderTyp.Refresh) || (typ == HeaderTyp.Access) == (claims.Type == TypeClaim.Access);
        return isExpected && fitsTyp ? null : TokenError.WrongType;
    }

    private static TokenError? CheckIdentifiers(in ClaimsSet claims, TokenPolicy policy)
    {
        if (claims.Subject.Length == 0)
        {
            return TokenError.MissingSubject;
        }

        // RFC 9068 section 2.2 requires both.
        var isStrictAccess = !policy.IsSharedSecret && claims.Type == TypeClaim.Access;
        return (claims.TokenId.IsPresent || isStrictAccess) && claims.TokenId.Length == 0 ? TokenError.MissingTokenId
            : isStrictAccess && string.IsNullOrEmpty(claims.ClientId) ? TokenError.MissingClientId
            : null;
    }
}
