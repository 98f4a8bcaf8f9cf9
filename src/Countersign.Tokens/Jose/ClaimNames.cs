using System.Collections.Frozen;

namespace Countersign.Tokens.Jose;

/// <summary>Names of the claims that this package writes or checks (RFC 7519 §4.1, RFC 9068 §2.2, RFC 7800 §3.1, and the product's own).</summary>
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
    public const string Confirmation = "cnf";

    public const string AccessType = "access";
    public const string RefreshType = "refresh";

    private static readonly FrozenSet<string> Reserved = new[]
    {
        Issuer, Subject, Audience, ClientId, ExpiresAt, NotBefore, IssuedAt, TokenId, SessionId, Type, AuthenticatedAt, Methods, Roles, Epoch, Confirmation,
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsReserved(string name) => Reserved.Contains(name);

    public static string OfType(TokenType type) => type == TokenType.Access ? AccessType : RefreshType;
}
