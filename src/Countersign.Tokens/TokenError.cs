namespace Countersign.Tokens;

/// <summary>
/// Why a token was refused. There is one member for each rule, and none for success. <see cref="TokenErrorCodes.ToCode"/> gives the wire code.
/// </summary>
public enum TokenError
{
    /// <summary>The token is longer than <see cref="TokenPolicy.MaxTokenBytes"/>, or its header segment is longer than 2,048 bytes.</summary>
    TooLong = 1,

    /// <summary>The token does not have exactly three non-empty segments between dots (RFC 7515 §7.1).</summary>
    MalformedSegments,

    /// <summary>
    /// A segment is not base64url as RFC 7515 §2 defines it. It has other characters, padding, white space, an impossible length, or bits set after the last
    /// byte.
    /// </summary>
    MalformedBase64Url,

    /// <summary>The header is not one JSON object in UTF-8, or <c>alg</c> or <c>kid</c> is missing or not a string where one is required.</summary>
    MalformedHeader,

    /// <summary>The claims set is not one JSON object in UTF-8 within the limits on depth and members.</summary>
    MalformedPayload,

    /// <summary>A member name occurs twice in one object, plain or escaped (RFC 7515 §4, RFC 7519 §4).</summary>
    DuplicateMember,

    /// <summary>
    /// The header has a member besides <c>alg</c>, <c>typ</c>, <c>kid</c>: <c>crit</c>, <c>jwk</c>, <c>jku</c>, <c>x5c</c>, <c>b64</c>, <c>zip</c> and
    /// all others.
    /// </summary>
    UnsupportedHeader,

    /// <summary><c>typ</c> is missing or not the expected one (RFC 9068 §4).</summary>
    WrongTyp,

    /// <summary>The service has no keys now. The fault is on this side.</summary>
    NoKeys,

    /// <summary><c>kid</c> is missing or names no known key.</summary>
    UnknownKey,

    /// <summary><c>alg</c> is not the algorithm of the key that <c>kid</c> names. No key has <c>none</c>.</summary>
    AlgorithmMismatch,

    /// <summary>The signature was not made by the key.</summary>
    BadSignature,

    /// <summary>The cryptographic provider failed during verification. The fault is on this side, and the token is refused.</summary>
    VerificationFault,

    /// <summary><c>exp</c> is missing.</summary>
    MissingExpiry,

    /// <summary>The instant of <c>exp</c> has come (RFC 7519 §4.1.4).</summary>
    Expired,

    /// <summary>The instant of <c>nbf</c> has not come (RFC 7519 §4.1.5).</summary>
    NotYetValid,

    /// <summary><c>iat</c> is missing, and the policy requires it.</summary>
    MissingIssuedAt,

    /// <summary><c>iat</c> is in the future by more than the clock skew.</summary>
    IssuedInFuture,

    /// <summary><c>iat</c> is later than <c>exp</c>.</summary>
    ExpiresBeforeIssued,

    /// <summary>An access token lives longer than <see cref="TokenPolicy.MaxAccessLifetime"/>.</summary>
    LifetimeTooLong,

    /// <summary><c>iss</c> is not the policy's issuer, or is missing when the policy requires it (RFC 9068 §4).</summary>
    WrongIssuer,

    /// <summary><c>aud</c> does not name the policy's audience, is missing when required, or is present when the policy has none (RFC 7519 §4.1.3).</summary>
    WrongAudience,

    /// <summary>The claim <c>type</c> is missing or not the expected one, such as a refresh token in place of an access token.</summary>
    WrongType,

    /// <summary><c>sub</c> is missing or empty.</summary>
    MissingSubject,

    /// <summary><c>jti</c> is empty, or is missing when the policy requires it.</summary>
    MissingTokenId,

    /// <summary>A claim has the wrong JSON type or a value outside its range. Such a claim never counts as absent.</summary>
    ClaimType,

    /// <summary>The token is bound to a key of its holder (<c>cnf</c>, RFC 7800). This package does not check the proof of such a key.</summary>
    ProofRequired,

    /// <summary>The session of the token was ended.</summary>
    SessionRevoked,

    /// <summary>The session of the token was ended because its account is inactive.</summary>
    AccountInactive,

    /// <summary>All tokens of this epoch were revoked.</summary>
    EpochRevoked,

    /// <summary>An access token has no <c>client_id</c> or an empty one, and the policy requires it (RFC 9068 §2.2).</summary>
    MissingClientId,

    /// <summary>The session of the token was ended, because its account had too many sessions and this one was the least recently refreshed.</summary>
    SessionLimit,

    /// <summary>
    /// The account's roles or other claims have changed since the token was issued. The session lives: a refresh gives a token with the current claims.
    /// </summary>
    Stale,
}
