using System.Runtime.InteropServices;

namespace Countersign.Tokens.Jose;

/// <summary>The claims that this package knows, read from a verified payload but not yet held against a policy. Null: not in the token.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ClaimsSet
{
    public long? ExpiresAt;
    public long? NotBefore;
    public long? IssuedAt;
    public long? AuthenticatedAt;
    public long? Epoch;
    public Guid? SessionId;
    public string? Issuer;
    public string? ClientId;
    public ClaimText Subject;
    public ClaimText TokenId;
    public AudienceClaim Audience;
    public TypeClaim Type;
    public bool HasConfirmation;

    /// <summary>Number of texts in <c>amr</c> and <c>roles</c>, which are read when somebody asks for them.</summary>
    public int ListedTexts;

    /// <summary>Number of bytes that those texts have in the payload.</summary>
    public int ListedBytes;
}
