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
    public string? Subject;
    public string? TokenId;
    public string? ClientId;
    public AudienceClaim Audience;
    public TypeClaim Type;
    public bool HasConfirmation;
    public string[]? Methods;
    public string[]? Roles;
}
