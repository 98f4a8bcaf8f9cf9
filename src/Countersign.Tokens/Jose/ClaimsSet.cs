using System.Runtime.InteropServices;

namespace Countersign.Tokens.Jose;

/// <summary>
/// The claims that this package knows, read from a verified payload but not yet checked against a policy. Null: the token does not have the claim.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ClaimsSet
{
    public long? ExpiresAt;
    public long? NotBefore;
    public long? IssuedAt;
    public long? AuthenticatedAt;
    public long? Epoch;
    public long? Revision;
    public Guid? SessionId;
    public string? Issuer;
    public string? ClientId;
    public ClaimText Subject;
    public ClaimText TokenId;
    public AudienceClaim Audience;
    public TypeClaim Type;
    public bool HasConfirmation;

    /// <summary>Number of texts in <c>amr</c> and <c>roles</c>. These texts are read on demand.</summary>
    public int ListedTexts;

    /// <summary>Number of bytes of those texts in the payload.</summary>
    public int ListedBytes;

    /// <summary>Reads the value of a claim. Only this method says which form each claim has.</summary>
    /// <returns>False when the value has another form.</returns>
    public bool TryRead<TValues>(KnownClaim claim, ref TValues values, ExpectedClaims expected)
        where TValues : struct, IClaimValues, allows ref struct => claim switch
    {
        KnownClaim.Issuer => values.TryReadText(expected.Issuer, out Issuer),
        KnownClaim.Subject => values.TryReadIdentifier(out Subject),
        KnownClaim.Audience => values.TryReadAudience(expected.Audience, out Audience),
        KnownClaim.ClientId => values.TryReadText(expected.ClientId, out ClientId),
        KnownClaim.ExpiresAt => values.TryReadInstant(out ExpiresAt),
        // RFC 7519 section 2 allows fractions of seconds. Without rounding up, a token would be accepted before its time.
        KnownClaim.NotBefore => values.TryReadInstant(out NotBefore, roundsUp: true),
        KnownClaim.IssuedAt => values.TryReadInstant(out IssuedAt),
        KnownClaim.TokenId => values.TryReadIdentifier(out TokenId),
        KnownClaim.SessionId => values.TryReadSessionId(out SessionId),
        KnownClaim.Type => values.TryReadType(out Type),
        KnownClaim.AuthenticatedAt => values.TryReadInstant(out AuthenticatedAt),
        KnownClaim.Methods or KnownClaim.Roles => values.TryReadTexts(ref this),
        KnownClaim.Epoch => values.TryReadNumber(out Epoch),
        KnownClaim.Revision => values.TryReadNumber(out Revision),
        KnownClaim.Confirmation => HasConfirmation = values.TrySkip(),
        _ => values.TrySkip(),
    };
}
