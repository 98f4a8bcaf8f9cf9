namespace Countersign.Tokens;

/// <summary>Why a token was refused: one member a rule, no member for success. <see cref="TokenErrorCodes.ToCode"/> gives the wire code.</summary>
public enum TokenError
{
    /// <summary>The token is longer than <see cref="TokenPolicy.MaxTokenBytes"/>, or its header segment longer than 2,048 bytes.</summary>
    TooLong = 1,

    /// <summary>Not exactly three non-empty segments between dots (RFC 7515 §7.1).</summary>
    MalformedSegments,

    /// <summary>
    /// A segment is not base64url as RFC 7515 §2 defines it: other characters, padding, white space, an impossible length, or set bits after the last
    /// byte.
    /// </summary>
    MalformedBase64Url,

    /// <summary>The header is not one JSON object in UTF-8, or <c>alg</c> or <c>kid</c> is missing or no string where a string is due.</summary>
    MalformedHeader,

    /// <summary>The claims set is not one JSON object in UTF-8 within the limits on depth and members.</summary>
    MalformedPayload,

    /// <summary>A member name occurs twice in one object, plainly or escaped (RFC 7515 §4, RFC 7519 §4).</summary>
    DuplicateMember,

    /// <summary>
    /// The header has a member besides <c>alg</c>, <c>typ</c>, <c>kid</c>: <c>crit</c>, <c>jwk</c>, <c>jku</c>, <c>x5c</c>, <c>b64</c>, <c>zip</c> and
    /// all others.
    /// </summary>
    UnsupportedHeader,

    /// <summary><c>typ</c> is missing or not the expected one (RFC 9068 §4).</summary>
    WrongTyp,

    /// <summary>The service has no keys at this moment: the fault is on this side.</summary>
    NoKeys,

    /// <summary><c>kid</c> is missing or names no key.</summary>
    UnknownKey,

    /// <summary><c>alg</c> is not the algorithm of the key that <c>kid</c> names; <c>none</c> never is.</summary>
    AlgorithmMismatch,

    /// <summary>The signature is not the key's.</summary>
    BadSignature,

    /// <summary>The cryptographic provider failed while verifying: the fault is on this side, and the token is refused.</summary>
    VerificationFault,

    /// <summary><c>exp</c> is missing.</summary>
    MissingExpiry,

    /// <summary>The instant of <c>exp</c> has come (RFC 7519 §4.1.4).</summary>
    Expired,

    /// <summary>The instant of <c>nbf</c> has not come (RFC 7519 §4.1.5).</summary>
    NotYetValid,

    /// <summary><c>iat</c> is missing where the policy requires it.</summary>
    MissingIssuedAt,

    /// <summary><c>iat</c> lies in the future by more than the clock skew.</summary>
    IssuedInFuture,

    /// <summary><c>iat</c> is later than <c>exp</c>.</summary>
    ExpiresBeforeIssued,

    /// <summary>An access token lives longer than <see cref="TokenPolicy.MaxAccessLifetime"/>.</summary>
    LifetimeTooLong,

    /// <summary><c>iss</c> is not the policy's issuer, or missing where the policy requires it (RFC 9068 §4).</summary>
    WrongIssuer,

    /// <summary><c>aud</c> does not name the policy's audience, is missing where required, or is present where the policy has none (RFC 7519 §4.1.3).</summary>
    WrongAudience,

    /// <summary>The claim <c>type</c> is missing or not the expected one: a refresh token where an access token is due, or the reverse.</summary>
    WrongType,

    /// <summary><c>sub</c> is missing or empty.</summary>
    MissingSubject,

    /// <summary><c>jti</c> is missing where the policy requires it, or empty.</summary>
    MissingTokenId,

    /// <summary>A claim has the wrong JSON type or a value outside its range. Such a claim never counts as absent.</summary>
    ClaimType,

    /// <summary>The token is bound to a key of its holder (<c>cnf</c>, RFC 7800), and no proof of that key is checked here.</summary>
    ProofRequired,

    /// <summary>The session of the token was ended.</summary>
    SessionRevoked,

    /// <summary>The session of the token was ended because its account is inactive.</summary>
    AccountInactive,

    /// <summary>Every token of that epoch was revoked.</summary>
    EpochRevoked,

    /// <summary><c>client_id</c> is missing from an access token or empty, where the policy requires it (RFC 9068 §2.2).</summary>
    MissingClientId,

    /// <summary>The session of the token was ended because its account has more than it may have, and this was the least recently refreshed.</summary>
    SessionLimit,
}
