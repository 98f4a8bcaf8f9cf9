namespace Countersign.Tokens.Jose;

/// <summary>
/// The names of the claims that the product writes or checks (RFC 7519 §4.1, RFC 9068 §2.2, RFC 7800 §3.1, and our own). Names are written only here.
/// <see cref="KnownClaims"/> derives from them what readers and the writer need.
/// </summary>
internal static class ClaimNames
{
    public const string Issuer = "iss";
    public const string Subject = "sub";
    public const string Audience = "aud";
    public const string ClientId = "client_id";
    public const string ExpiresAt = "exp";
    public const string NotBefore = "nbf";
    public const string IssuedAt = "iat";
    public const string TokenId = "jti";
    public const string SessionId = "sid";
    public const string Type = "type";
    public const string AuthenticatedAt = "auth_time";
    public const string Methods = "amr";
    public const string Roles = "roles";
    public const string Epoch = "epoch";
    public const string Revision = "rev";
    public const string Confirmation = "cnf";
}
