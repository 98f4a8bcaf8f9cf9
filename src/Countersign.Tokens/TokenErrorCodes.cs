namespace Countersign.Tokens;

/// <summary>The wire codes of <see cref="TokenError"/>. They never change, and each has a page in the documentation.</summary>
public static class TokenErrorCodes
{
    /// <summary>Returns the code in snake case, such as <c>token_expired</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not a member of the enum.</exception>
    public static string ToCode(this TokenError error) => error switch
    {
        TokenError.TooLong => ReasonCodes.TokenTooLong,
        TokenError.MalformedSegments => ReasonCodes.TokenSegmentsMalformed,
        TokenError.MalformedBase64Url => ReasonCodes.TokenBase64urlMalformed,
        TokenError.MalformedHeader => ReasonCodes.TokenHeaderMalformed,
        TokenError.MalformedPayload => ReasonCodes.TokenPayloadMalformed,
        TokenError.DuplicateMember => ReasonCodes.TokenMemberDuplicated,
        TokenError.UnsupportedHeader => ReasonCodes.TokenHeaderUnsupported,
        TokenError.WrongTyp => ReasonCodes.TokenTypWrong,
        TokenError.NoKeys => ReasonCodes.TokenKeysMissing,
        TokenError.UnknownKey => ReasonCodes.TokenKeyUnknown,
        TokenError.AlgorithmMismatch => ReasonCodes.TokenAlgorithmMismatch,
        TokenError.BadSignature => ReasonCodes.TokenSignatureInvalid,
        TokenError.VerificationFault => ReasonCodes.TokenVerificationFault,
        TokenError.MissingExpiry => ReasonCodes.TokenExpiryMissing,
        TokenError.Expired => ReasonCodes.TokenExpired,
        TokenError.NotYetValid => ReasonCodes.TokenNotYetValid,
        TokenError.MissingIssuedAt => ReasonCodes.TokenIssuedAtMissing,
        TokenError.IssuedInFuture => ReasonCodes.TokenIssuedInFuture,
        TokenError.ExpiresBeforeIssued => ReasonCodes.TokenExpiresBeforeIssued,
        TokenError.LifetimeTooLong => ReasonCodes.TokenLifetimeTooLong,
        TokenError.WrongIssuer => ReasonCodes.TokenIssuerWrong,
        TokenError.WrongAudience => ReasonCodes.TokenAudienceWrong,
        TokenError.WrongType => ReasonCodes.TokenTypeWrong,
        TokenError.MissingSubject => ReasonCodes.TokenSubjectMissing,
        TokenError.MissingTokenId => ReasonCodes.TokenIdMissing,
        TokenError.MissingClientId => ReasonCodes.TokenClientIdMissing,
        TokenError.ClaimType => ReasonCodes.TokenClaimMalformed,
        TokenError.ProofRequired => ReasonCodes.TokenProofRequired,
        TokenError.SessionRevoked => ReasonCodes.SessionRevoked,
        TokenError.SessionLimit => ReasonCodes.SessionLimit,
        TokenError.Stale => ReasonCodes.TokenStale,
        TokenError.AccountInactive => ReasonCodes.AccountInactive,
        TokenError.EpochRevoked => ReasonCodes.EpochRevoked,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "There is no such error."),
    };
}
