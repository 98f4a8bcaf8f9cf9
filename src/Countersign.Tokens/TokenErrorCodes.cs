namespace Countersign.Tokens;

/// <summary>The wire codes of <see cref="TokenError"/>: stable, and each with a page of its own in the documentation.</summary>
public static class TokenErrorCodes
{
    /// <summary>The code in snake case, such as <c>token_expired</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is none of the enum's members.</exception>
    public static string ToCode(this TokenError error) => error switch
    {
        TokenError.TooLong => "token_too_long",
        TokenError.MalformedSegments => "token_segments_malformed",
        TokenError.MalformedBase64Url => "token_base64url_malformed",
        TokenError.MalformedHeader => "token_header_malformed",
        TokenError.MalformedPayload => "token_payload_malformed",
        TokenError.DuplicateMember => "token_member_duplicated",
        TokenError.UnsupportedHeader => "token_header_unsupported",
        TokenError.WrongTyp => "token_typ_wrong",
        TokenError.NoKeys => "token_keys_missing",
        TokenError.UnknownKey => "token_key_unknown",
        TokenError.AlgorithmMismatch => "token_algorithm_mismatch",
        TokenError.BadSignature => "token_signature_invalid",
        TokenError.VerificationFault => "token_verification_fault",
        TokenError.MissingExpiry => "token_expiry_missing",
        TokenError.Expired => "token_expired",
        TokenError.NotYetValid => "token_not_yet_valid",
        TokenError.MissingIssuedAt => "token_issued_at_missing",
        TokenError.IssuedInFuture => "token_issued_in_future",
        TokenError.ExpiresBeforeIssued => "token_expires_before_issued",
        TokenError.LifetimeTooLong => "token_lifetime_too_long",
        TokenError.WrongIssuer => "token_issuer_wrong",
        TokenError.WrongAudience => "token_audience_wrong",
        TokenError.WrongType => "token_type_wrong",
        TokenError.MissingSubject => "token_subject_missing",
        TokenError.MissingTokenId => "token_id_missing",
        TokenError.MissingClientId => "token_client_id_missing",
        TokenError.ClaimType => "token_claim_malformed",
        TokenError.ProofRequired => "token_proof_required",
        TokenError.SessionRevoked => "session_revoked",
        TokenError.SessionLimit => "session_limit",
        TokenError.AccountInactive => "account_inactive",
        TokenError.EpochRevoked => "epoch_revoked",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "No such error."),
    };
}
